"""What load generators sum up: whether any of their requests succeeded, of which their exit status says nothing."""

from typing import Final

from stresstui.core.derive.child import NO_SUCCESS
from stresstui.core.model.event import Matched
from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.line import Kind, Line

_SUMS: Final = (
    r"\s*(?P<total>\d+) requests in \S+, \S+ read$",  # wrk
    r"Complete requests:\s+(?P<total>\d+)$",  # ab
    r"\s*(?:Non-2xx or 3xx responses|Non-2xx responses|Failed requests):\s+(?P<bad>\d+)$",  # wrk, ab
    r"\S+ requests in \S+, (?P<good>0) B read$",  # autocannon, whose other lines stand before it
    r"(?P<good>\d+) 2xx responses, \d+ non 2xx responses$",
    r"requests: \d+ total, .* (?P<good>\d+) succeeded, ",  # h2load
    r"\s*\"?[Ss]uccessful[_ ]transactions\"?:\s+(?P<good>\d+),?$",  # siege
    r"\s*Success rate:\s+(?P<good>[\d.]+)%?$",  # oha
    r"Success\s+\[ratio\]\s+(?P<good>[\d.]+)%$",  # vegeta
    r"\s*1xx - \d+, 2xx - (?P<good>\d+), 3xx - 0, ",  # bombardier
    r"Reply status: 1xx=\d+ 2xx=(?P<good>\d+) 3xx=0 ",  # httperf
    r"(?:\[[^\]]*\] INFO )?Completed requests:\s+(?P<total>\d+)$",  # loadtest
    r"(?:\[[^\]]*\] INFO )?Total errors:\s+(?P<bad>\d+)$",
    r"\s+Aggregated\s+\d+\s+\d+\((?P<lost>[\d.]+)%\)",  # locust
    r"\s*(?:[✓✗] )?http_req_failed\.*: (?P<lost>[\d.]+)%",  # k6
    r"(?:.* )?summary = +\d+ in .* Err: +\d+ \((?P<lost>[\d.]+)%\)",  # JMeter
    r"> request count +\d+ \(OK=(?P<good>\d+) ",  # Gatling
    r"Successful requests\s+(?P<good>\d+)$",  # drill
    r"(?P<begin>Summary report) @ ",  # Artillery
    r"vusers\.completed: \.+ (?P<good>\d+)$",
    r"(?P<begin>Status code distribution):$",  # hey, ghz
    r"\s+\[(?P<ok>[23]\d\d|OK)\]\s+\d+ responses\s*$",
)
"""By the names of their groups: requests in all, those that succeeded or did not, ``lost`` of each hundred; ``begin``
heads a list of answers."""
_READ: Final = tuple(map(lazy, _SUMS))
_ALL: Final = 100.0
MARKS: Final = (
    r"requests in |Complete requests: |Non-2xx |Failed requests: |\d succeeded, |uccessful[_ ]transactions"
    r"|\d 2xx responses, |Success rate:|Success +\[ratio\]|1xx - \d|Status code distribution:|\[(?:[23]\d\d|OK)\]\s+\d"
    r"|Reply status: |Completed requests: |Total errors: |Aggregated .{0,90}%\)|http_req_failed\.|summary = "
    r"|> request count |Successful requests +\d|Summary report @ |vusers\.completed: "
)
"""An RE2 expression that is found in every line that means something here."""


class LoadReader:
    """Reads the sums of load generators; of several the last one counts, as what went before may be to warm up."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._told = ""
        """What says that nothing succeeded; empty where something did."""
        self._total = 0

    def read(self, line: Line) -> None:
        """Take in the next line."""
        if Kind.LOAD not in line.kinds:
            return
        found = next(filter(None, map(line.match, _READ)), None)
        for name, text in found.groupdict().items() if found is not None else ():
            self._take(name, text, line)

    def _take(self, name: str, text: str, line: Line) -> None:
        said = line.kept.strip()
        if name == "bad":  # of the total before it
            self._told = said if int(text) >= self._total > 0 else self._told
            return
        if name == "total":
            self._total = int(text)
        if name == "begin":
            said = f"{said} none with success"
        succeeded = name == "ok" or (float(text) < _ALL if name == "lost" else name != "begin" and float(text) > 0)
        self._told = "" if succeeded else said

    def finish(self, t: float) -> list[Matched]:
        """Say of what was summed up that nothing succeeded, if so."""
        return [Matched(t, NO_SUCCESS, self._told)] if self._told else []
