# ruff: noqa: E501 - a table: what programs print, line by line
"""What load generators say of a load of which nothing succeeded; their exit status is 0."""

import pytest

from stresstui.engine.output.gate import look
from stresstui.engine.output.load import LoadReader

NONE = {
    "wrk": "  23536 requests in 2.03s, 1.89MB read\n  Non-2xx or 3xx responses: 23536",
    "wrk, nothing came back": "  0 requests in 2.05s, 0.00B read\n  Socket errors: connect 0, read 1710, write 0, timeout 0",
    "ab": "Complete requests:      50\nFailed requests:        0\nNon-2xx responses:      50",
    "hey": "Status code distribution:\n  [500]\t50 responses",
    "hey, refused": 'Status code distribution:\n\nError distribution:\n  [50]\tGet "http://[::1]:1/": connection refused',
    "hey, the last of two": "Status code distribution:\n  [200]\t5 responses\nStatus code distribution:\n  [500]\t5 responses",
    "wrk behind its warm-up": "  9 requests in 1.00s, 1.89KB read\n  99 requests in 2.03s, 1.89KB read\n  Non-2xx or 3xx responses: 99",
    "ghz": "Status code distribution:\n  [Unavailable]   50 responses",
    "h2load": "requests: 50 total, 50 started, 50 done, 0 succeeded, 50 failed, 0 errored, 0 timeout",
    "siege": '\t"successful_transactions":\t           0,',
    "autocannon": "0 2xx responses, 8533 non 2xx responses\n9k requests in 2.06s, 717 kB read",
    "autocannon, refused": "1k requests in 2.09s, 0 B read\n1k errors (0 timeouts)",
    "oha": "  Success rate:\t0.00%",
    "vegeta": "Success       [ratio]                    0.00%",
    "bombardier": "    1xx - 0, 2xx - 0, 3xx - 0, 4xx - 0, 5xx - 50",
    "httperf": "Total: connections 5 requests 5 replies 5 test-duration 0.809 s\nReply status: 1xx=0 2xx=0 3xx=0 4xx=0 5xx=5",
    "loadtest": "Completed requests:  5\nTotal errors:        5",
    "locust": "GET      /       4   4(100.00%) |     11       4\n         Aggregated     4   4(100.00%) |     11       4",
    "k6": "     http_req_failed................: 100.00% ✓ 10       ✗ 0  ",
    "JMeter": "summary =     10 in 00:00:01 =   10.0/s Avg:     1 Min:     0 Max:     5 Err:    10 (100.00%)",
    "Gatling": "> request count                                         10 (OK=0      KO=10    )",
    "drill": "Successful requests       0",
    "Artillery": "Summary report @ 16:16:51(+0000)\nerrors.ECONNREFUSED: ....... 10\nvusers.created: ....... 10\nvusers.failed: ........ 10",
}
SOME = {
    "wrk": "  23536 requests in 2.03s, 1.89MB read\n  Non-2xx or 3xx responses: 23535",
    "ab": "Complete requests:      50\nFailed requests:        0",
    "hey": "Status code distribution:\n  [200]\t1 responses\n  [500]\t49 responses",
    "ghz": "Status code distribution:\n  [OK]   1 responses",
    "h2load": "requests: 50 total, 50 started, 50 done, 1 succeeded, 49 failed, 0 errored, 0 timeout",
    "siege": "Successful transactions:          40",
    "autocannon": "1 2xx responses, 8533 non 2xx responses\n9k requests in 2.06s, 717 kB read",
    "oha": "  Success rate:\t99.90%",
    "httperf": "Reply status: 1xx=0 2xx=1 3xx=0 4xx=0 5xx=4",
    "httperf, sent elsewhere": "Reply status: 1xx=0 2xx=0 3xx=5 4xx=0 5xx=0",
    "loadtest": "Completed requests:  5\nTotal errors:        4",
    "locust": "         Aggregated     4   3(75.00%) |     11       4",
    "k6": "     http_req_failed................: 0.00% 0 out of 10",
    "JMeter": "summary =     10 in 00:00:01 =   10.0/s Avg:     1 Min:     0 Max:     5 Err:     9 (90.00%)",
    "Gatling": "> request count                                         10 (OK=1      KO=9    )",
    "Artillery": "Summary report @ 16:16:51(+0000)\nerrors.ECONNREFUSED: ....... 9\nvusers.completed: ....... 1\nvusers.failed: ........ 9",
    "vegeta": "Success       [ratio]                    0.01%",
    "bombardier": "    1xx - 0, 2xx - 0, 3xx - 50, 4xx - 0, 5xx - 0",
    "wrk, until it was up": "  0 requests in 1.05s, 0.00B read\n  99 requests in 2.03s, 1.89MB read",
    "ab, until it was up": "Complete requests:      5\nNon-2xx responses:      5\nComplete requests:      50\nFailed requests:        0",
    "hey, until it was up": "Status code distribution:\n  [500]\t5 responses\nStatus code distribution:\n  [200]\t5 responses",
    "a sum now and again": "Success rate: 0.00%\nSuccess rate: 99.2%",
    "another's words": "served 0 requests in 2 s, 0 B read of them\nFailed requests: 0",
}


def told(text: str) -> list[str]:
    reader = LoadReader()
    for line in text.split("\n"):
        reader.read(look(line))
    return [one.pattern for one in reader.finish(1.0)]


@pytest.mark.parametrize("tool", NONE)
def test_a_load_without_success(tool: str) -> None:
    assert told(NONE[tool]) == ["no_success"]


@pytest.mark.parametrize("tool", SOME)
def test_one_success_is_enough(tool: str) -> None:
    assert told(SOME[tool]) == []
