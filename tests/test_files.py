import os
import subprocess
import sys
from pathlib import Path

import pytest

from stresstui.files import (
    make_folder,
    open_in_own,
    open_own,
    place_of,
    read_named,
    read_plain,
    text_named,
    write_whole,
)

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.mark.parametrize("kind", ["fifo", "link", "device", "large"])
def test_only_a_plain_file_of_bounded_size_is_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "run.json"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "link":
        (tmp_path / "other").write_bytes(b"other")
        path.symlink_to(tmp_path / "other")
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        path.write_bytes(b"x" * 101)
    with pytest.raises(OSError, match=r"plain file|symbolic links|more than 100 bytes"):
        read_plain(path, 100)


def test_a_named_pipe_without_a_writer_and_a_device_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="a pipe that nobody writes to"):
        read_named(tmp_path / "pipe")
    with pytest.raises(OSError, match="a device, not a file"):
        read_named(Path("/dev/zero"))
    with pytest.raises(IsADirectoryError):
        read_named(tmp_path)


def test_a_pipe_of_the_shells_is_read_to_its_end(tmp_path: Path) -> None:
    """As of ``<(command)``, also where the command has not written yet."""
    reader, writer = os.pipe()
    late = subprocess.Popen(["sh", "-c", "read go; printf 'title'"], stdin=subprocess.PIPE, stdout=writer)
    with late:
        os.close(writer)
        assert late.stdin is not None
        late.stdin.write(b"\n")
        late.stdin.flush()
        assert read_named(Path(f"/dev/fd/{reader}")) == b"title"
    os.close(reader)
    (tmp_path / "plain").write_bytes(b"a\n")
    assert read_named(tmp_path / "plain") == b"a\n"


def test_named_text_says_the_line_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert text_named(path) == "a = 1\n"
    path.write_bytes(b"a = 1\nb = '\xe9'\n")
    with pytest.raises(ValueError, match="line 2: not UTF-8 text"):
        text_named(path)


def test_a_folder_in_which_others_can_write_is_not_written_in(tmp_path: Path) -> None:
    write_whole(tmp_path / "result.json", b"mine")
    tmp_path.chmod(0o777)
    with pytest.raises(PermissionError, match="others can write in it"):
        write_whole(tmp_path / "result.json", b"new")
    tmp_path.chmod(0o700)
    assert read_plain(tmp_path / "result.json") == b"mine"


@root_only
def test_another_users_folder_is_not_written_in(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    os.chown(theirs, 12345, -1)
    with pytest.raises(PermissionError, match=r"another user \(uid 12345\)"):
        open_own(theirs)


def test_a_link_in_the_place_of_a_run_folder_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match=r"Not a directory|symbolic links"):
        write_whole(tmp_path / "run" / "result.json", b"x")
    assert not list((tmp_path / "victim").iterdir())


def test_a_link_in_the_place_of_a_file_is_replaced_or_refused(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"kept")
    path = tmp_path / "result.json"
    path.symlink_to(victim)
    with pytest.raises(OSError, match="symbolic links"):
        open_in_own(path, os.O_APPEND)
    write_whole(path, b"new")
    assert (victim.read_bytes(), path.read_bytes(), path.is_symlink()) == (b"kept", b"new", False)


def test_what_is_written_is_for_its_owner_whatever_the_umask(tmp_path: Path) -> None:
    code = "import os, pathlib, sys; os.umask(0); from stresstui.files import write_whole as w"
    code += "; w(pathlib.Path(sys.argv[1]), b'x')"
    subprocess.run((sys.executable, "-c", code, str(tmp_path / "a")), check=True)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_file_in_the_place_of_a_folder_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="a file, not a folder"):
        make_folder(tmp_path / "file" / "runs")


def test_the_place_of_an_open_file_is_where_it_is_now(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("w") as file:
        assert place_of(file.fileno(), path) == path
        path.rename(tmp_path / "b")
        assert place_of(file.fileno(), path) == tmp_path / "b"


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="takes a file system away")
def test_a_file_whose_file_system_was_taken_away_is_nowhere(tmp_path: Path) -> None:
    script = (
        'mount -t tmpfs none "$1" && cd "$1" && exec 9> a && '
        f"{sys.executable} -c 'from pathlib import Path; import subprocess, sys; "
        'subprocess.run(["umount", "-l", sys.argv[1]], check=True); from stresstui.files import place_of; '
        'print(place_of(9, Path(sys.argv[1]) / "a"))\' "$1"'
    )
    told = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", tmp_path], check=False, capture_output=True, text=True
    )
    if "unshare" in told.stderr or "mount" in told.stderr:
        pytest.skip(told.stderr)
    assert told.stdout == "None\n", told.stderr


def test_a_folder_that_another_run_makes_at_that_moment_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_dir, wanted = Path.is_dir, tmp_path / "reports"

    def made_just_then(place: Path) -> bool:
        found = is_dir(place)
        if place == wanted and not found:
            place.mkdir()
        return found

    monkeypatch.setattr(Path, "is_dir", made_just_then)
    make_folder(wanted)
    assert is_dir(wanted)
