"""What an archive may hold, whatever the Python that unpacks it keeps out by itself."""

import io
import stat
import tarfile
from pathlib import Path

import pytest
import zstandard

from stresstui.engine.control.archives import ArchiveError, unpack

REQUEST = ("run_1/run.json", tarfile.REGTYPE)


@pytest.fixture(params=["with filters", "as before Python 3.11.4"])
def python(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "with filters":
        monkeypatch.delattr(tarfile, "data_filter", raising=False)


def made(path: Path, *members: tuple[str, bytes]) -> Path:
    with (
        zstandard.ZstdCompressor().stream_writer(path.open("wb")) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        for name, kind in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size, info.mtime, info.mode = kind, "/etc/passwd", 2, 1000, 0o6777
            info.uid = info.gid = 4711
            tar.addfile(info, io.BytesIO(b"{}"))
    return path


@pytest.mark.usefixtures("python")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_run_is_unpacked_for_who_unpacks_it(tmp_path: Path) -> None:
    run_dir = unpack(made(tmp_path / "a.tar.zst", REQUEST, ("run_1/evidence/x", tarfile.REGTYPE)), tmp_path / "here")
    assert run_dir == tmp_path / "here" / "run_1"
    for path in (run_dir / "run.json", run_dir / "evidence" / "x"):
        found = path.stat()
        assert path.read_text() == "{}"
        assert (stat.S_IMODE(found.st_mode), found.st_mtime) == (0o700, 1000.0)
        assert found.st_uid != 4711


@pytest.mark.usefixtures("python")
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../out", tarfile.REGTYPE), ("/out", tarfile.REGTYPE), ("run_1/../../out", tarfile.REGTYPE),
        ("run_1/link", tarfile.SYMTYPE), ("run_1/link", tarfile.LNKTYPE), ("run_1/pipe", tarfile.FIFOTYPE),
        ("run_1/device", tarfile.CHRTYPE),
    ],
)  # fmt: skip
def test_what_is_no_file_of_a_run_is_refused(tmp_path: Path, name: str, kind: bytes) -> None:
    name = f"{tmp_path}{name}" if name.startswith("/") else name
    with pytest.raises(ArchiveError, match="it cannot be unpacked"):
        unpack(made(tmp_path / "a.tar.zst", REQUEST, (name, kind)), tmp_path / "here")
    assert not (tmp_path / "out").exists()
