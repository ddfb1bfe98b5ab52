"""``stresstui investigate`` on a run that is on."""

import http.server
import json
import sys
import threading
from collections.abc import Iterator

import pytest

from stresstui.core.model.event import Burdened, Noted
from tests.cli.box import Box
from tests.investigate.test_profile import GOROUTINES, HEAP


@pytest.fixture
def go_program() -> Iterator[str]:
    """Where a program gives profiles as Go's net/http/pprof does: each heap holds a megabyte more than the last."""

    class Answer(http.server.BaseHTTPRequestHandler):
        asked = 0

        def do_GET(self) -> None:
            Answer.asked += 1
            count = Answer.asked
            heap = HEAP.format(count=count, size=count << 20)
            text = heap if "heap" in self.path else GOROUTINES.format(total=5, count=4)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_programs_that_a_run_was_started_with_are_known_to_every_look(box: Box, go_program: str) -> None:
    sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
    box.run("run", "--duration", "60s", "--interval", "0.2s", "--pprof", go_program, "--detach", "--", *sleeper)
    box.wait_for_samples(2)
    first = box.run("investigate", "--heap")
    assert first.returncode == 0, first.stdout
    grown = box.run("investigate", "--heap")
    assert f"{go_program}: +" in grown.stdout
    assert "held by main.(*cache).remember" in grown.stdout
    assert json.loads((box.directory() / "run.json").read_text())["pprof"] == [go_program]
    name = box.directory().name
    box.run("stop")
    box.wait_end()
    again = box.run("rerun", name, "--detach")
    assert again.returncode == 0, again.stderr
    later = box.directory()
    assert later.name != name
    assert json.loads((later / "run.json").read_text())["pprof"] == [go_program]
    box.run("stop", later.name)
    box.wait_end()


def test_a_live_run_is_looked_into_and_says_so(box: Box) -> None:
    assert box.run("investigate").returncode == 2
    sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
    box.run("run", "--duration", "60s", "--interval", "0.2s", "--detach", "--", *sleeper)
    box.wait_for_samples(2)
    done = box.run("investigate")
    assert done.returncode == 0, done.stdout + done.stderr
    for heading in ("== descriptors", "== memory by mapping", "== threads", "== Go profiles"):
        assert heading in done.stdout
    assert "its times and rates are not judged" in done.stdout
    kinds = {path.name.partition("_")[0] for path in (box.directory() / "evidence").glob("*.json")}
    assert kinds == {"fds", "memory", "stacks"}
    (path,) = (box.directory() / "evidence").glob("fds_*.json")
    assert json.loads(path.read_text())["descriptors"]
    assert any(isinstance(event, Noted) and event.by == "investigate" for event in box.events())
    burdens = [event for event in box.events() if isinstance(event, Burdened)]  # py-spy looks into Python's frames
    assert [bool(event.seconds) for event in burdens] == [True, False]
    assert burdens[0].by == burdens[1].by
    alone = box.run("investigate", "--heap")
    assert alone.returncode == 4
    assert "--pprof" in alone.stdout
    name = box.directory().name
    assert box.run("stop").stdout == f"{name} is stopping\n", "the folder is that of here"
    box.wait_end()
    for command in (("investigate", name, "--fds"), ("note", name, "late")):
        late = box.run(*command)
        assert late.returncode == 2, "its pids may be others' by now"
        assert f"{name} is not on; 'stresstui runs' shows how it came out" in late.stderr
    assert len(list((box.directory() / "evidence").glob("fds_*.json"))) == 1
