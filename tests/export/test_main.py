"""The process that answers scrapes of one run."""

import socket
from pathlib import Path

import pytest

from stresstui.export import __main__ as program


def test_an_address_that_another_run_has_taken_is_told_in_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("prometheus_client")
    told: list[str] = []
    monkeypatch.setattr(program, "note", lambda _run_dir, text, _by: told.append(text))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert program.main(["export", str(tmp_path), address]) == 4
    assert told == [f"no scrape of this run is answered: {address} cannot be listened on: Address already in use"]
