"""Stacks, mappings and flame graphs of real processes, and of texts."""

import subprocess
import sys
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from stresstui.engine.process.kernel.regions import grown, parse, resident_by_region
from stresstui.engine.process.kernel.stacks import kernel_stacks
from stresstui.investigate.tools.perf import collapse, flame_graph, hottest, record
from stresstui.investigate.tools.stacks import is_python
from stresstui.investigate.tools.tool import ToolError

SCRIPT = """proxy
\t          1af833 copy
\t           ff318 serve
\t          7f5aa2 [unknown]

proxy
\t          1af834 copy
\t           ff318 serve
\t          7f5aa2 [unknown]

other <b>
\t          1 wait
"""
SMAPS = """00400000-00452000 r-xp 00000000 08:02 173521 /usr/bin/proxy name
Size: 100 kB
Rss:                 10 kB
7f00-7f01 rw-p 00000000 00:00 0
Rss:                 6 kB
7f02-7f03 rw-p 00000000 00:00 0 [heap]
Rss:                 2 kB
7f04-7f05 rw-p 00000000 00:00 0
Rss:                 4 kB
"""


@pytest.fixture
def busy() -> Iterator[int]:
    code = "print('up', flush=True)\nwhile True: sum(range(1000))"
    process = subprocess.Popen((sys.executable, "-c", code), stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    yield process.pid
    process.kill()
    process.wait()
    process.stdout.close()


def test_equal_stacks_are_counted_from_the_outermost_on() -> None:
    stacks = collapse(SCRIPT)
    assert stacks == {("proxy", "[unknown]", "serve", "copy"): 2, ("other <b>", "wait"): 1}
    assert [name for name, _ in hottest(stacks)] == ["copy", "wait"]
    assert collapse("") == {}


def test_a_flame_graph_is_well_formed_whatever_functions_are_called() -> None:
    root = ET.fromstring(flame_graph(collapse(SCRIPT), "run <1> & 2"))
    titles = [element.text for element in root.iter("{http://www.w3.org/2000/svg}title")]
    assert "copy: 66.7 % (2)" in titles
    assert "other <b>: 33.3 % (1)" in titles
    ET.fromstring(flame_graph(collapse(""), "empty"))


def test_mappings_are_summed_by_what_is_mapped() -> None:
    sizes = parse(SMAPS)
    assert sizes == {"/usr/bin/proxy name": 10240, "anonymous": 10240, "[heap]": 2048}
    assert grown({"anonymous": 4096, "[heap]": 4096}, sizes) == [("/usr/bin/proxy name", 10240), ("anonymous", 6144)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of Linux")
def test_a_real_process_has_mappings_and_threads(busy: int) -> None:
    assert sum(resident_by_region(busy).values()) > 1 << 20
    assert sum(count for count, _ in kernel_stacks(busy)) == 1
    assert is_python(busy)
    assert not is_python(2**22)
    assert resident_by_region(2**22) == {}
    assert kernel_stacks(2**22) == []


def test_perf_names_where_the_time_goes_or_says_why_not(busy: int) -> None:
    try:
        stacks = record([busy], 1.0)
    except ToolError as error:
        pytest.skip(str(error))  # not installed, or not allowed here
    assert stacks.total() > 0


def test_without_perf_its_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="apt install linux-perf"):
        record([1], 0.1)
