"""``stresstui investigate`` on a run that is on."""

import json
import sys

from stresstui.core.model.event import Burdened, Noted
from tests.cli.box import Box


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
