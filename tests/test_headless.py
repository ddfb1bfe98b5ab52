"""What is said after a run's verdict."""

from pathlib import Path

from stresstui.headless import after_lines


def test_where_the_report_is_or_what_kept_it_from_being_written(tmp_path: Path) -> None:
    assert after_lines(tmp_path) == []
    log = tmp_path / "supervisor.log"
    log.write_text("")
    assert after_lines(tmp_path) == []
    log.write_text("Traceback (most recent call last):\n  ...\nOSError: [Errno 28] No space left on device\n")
    assert after_lines(tmp_path) == ["report.html was not written: OSError: [Errno 28] No space left on device"]
    (tmp_path / "report.html").write_text("")
    assert after_lines(tmp_path) == [f"report: {tmp_path / 'report.html'}"]
