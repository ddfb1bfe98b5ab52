import msgspec
import pytest

from stresstui.core.model.errors import UNREADABLE


class _File(msgspec.Struct):
    name: str


@pytest.mark.parametrize(
    "damaged", [b'{"name":"\xaea"}', b'{"nbme":"a"}', b'{"name":"a"', b'{"name":1}', b'{"x":' + b"[" * 5000]
)
def test_whatever_was_done_to_a_file_it_is_unreadable(damaged: bytes) -> None:
    with pytest.raises(UNREADABLE):
        msgspec.json.decode(damaged, type=_File)
