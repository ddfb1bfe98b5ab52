# ruff: noqa: E501, RUF001 - a table: one row each, with the signs that are printed
"""What test harnesses print of how many tests ran: one row each. Data; ``harness`` reads lines by it.

Marks and expressions as in ``crash_words``. The names of groups say what a number counts: ``begun`` tests announced,
``run``, ``passed``, ``failed`` and ``ignored`` tests, ``filtered`` ones; a group may stand several times in a line.
"""

from typing import Final, NamedTuple


class HarnessWord(NamedTuple):
    """One line of a harness."""

    harness: str
    """Who prints it."""
    meaning: str
    """``begun``, ``result`` (of a whole program or suite), ``part`` (of a result in several lines), ``item`` (one test's
    own result, where no summary need come), ``seen`` (only that it is this harness), or ``failed`` (one test, by name)."""
    mark: str
    """An RE2 expression that finds such lines, colours or not, among many: short and literal."""
    expression: str
    """What it looks like without colours, from its beginning on."""
    needs: bool = False
    """True where only a line of this harness before it tells that it is one: other programs print the like."""


BEGUN: Final = "begun"
RESULT: Final = "result"
PART: Final = "part"
ITEM: Final = "item"
SEEN: Final = "seen"
FAILED: Final = "failed"

HARNESS_WORDS: Final = (
    HarnessWord("libtest", BEGUN, r"running \d+ tests?", r"running (?P<begun>\d+) tests?$"),
    HarnessWord("libtest", RESULT, r"test result: ",
                r"test result: \w+\. (?P<passed>\d+) passed; (?P<failed>\d+) failed; (?P<ignored>\d+) ignored(?:; (?P<measured>\d+) measured)?(?:; (?P<filtered>\d+) filtered out)?"),
    HarnessWord("libtest", FAILED, r" \.\.\. .{0,12}FAILED", r"test (?P<name>.+?) \.\.\. FAILED\b"),
    HarnessWord("libtest", BEGUN, r"\"test_count\": \d", r'\{ ?"type": "suite", "event": "started", "test_count": (?P<begun>\d+)'),
    HarnessWord("libtest", RESULT, r"\"type\": \"suite\", \"event\": \"(?:ok|failed)", r'\{ ?"type": "suite", "event": "(?:ok|failed)", "passed": (?P<passed>\d+), "failed": (?P<failed>\d+), "ignored": (?P<ignored>\d+)(?:, "measured": (?P<measured>\d+))?(?:, "filtered_out": (?P<filtered>\d+))?'),
    HarnessWord("nextest", BEGUN, r"Starting.{0,12} \d", r"\s*Starting (?P<begun>\d+) tests? across"),
    HarnessWord("nextest", RESULT, r" tests? run: ",
                r"\s*Summary \[[^\]]*\]\s+(?:\d+/)?(?P<run>\d+)(?:/\d+)? tests? run: (?P<counts>.*)"),
    HarnessWord("nextest", FAILED, r"(?:FAIL|LEAK-FAIL|TIMEOUT|ABORT|SIG[A-Z]+).{0,12} \[", r"\s*(?:FAIL|LEAK-FAIL|TIMEOUT|ABORT|SIG[A-Z]+) \[[^\]]*\]\s+(?:\([^)]*\)\s+)?(?P<name>\S.*)"),
    HarnessWord("pytest", BEGUN, r"collected .{0,12}\d+ item", r"collected (?:\d+ items? / .* )?(?P<begun>\d+) (?:items?|selected)$"),
    HarnessWord("pytest", RESULT, r"(?:passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?|rerun)[^\n]{0,12} in [^\n]{0,12}\d",
                r"(?:=+ (?=.*=$)|(?=\d+ (?:passed|failed|skipped)\b|\d+ errors? in \d+\.\d\ds$))(?P<counts>(?:\d+ (?:subtests )?[a-z]+, )*\d+ (?:subtests )?[a-z]+) in \d[\d.]*s\b"),
    HarnessWord("pytest", FAILED, r"\.py::[^\n]* (?:FAILED|ERROR)|(?:FAILED|ERROR)[^\n]{0,16} \S+\.py::", r"(?:\[gw\d+\] \[ *\d+%\] )?(?:FAILED|ERROR) (?P<name>\S+\.py::.*?)(?: - .*)?\s*$"),
    HarnessWord("pytest", FAILED, r"\.py::[^\n]* (?:FAILED|ERROR)", r"(?P<name>\S+\.py::.*?) (?:FAILED|ERROR)(?: +\[ *\d+%\])?$"),
    HarnessWord("pytest", RESULT, r"no tests (?:ran|collected)", r"(?:=+ )?(?P<counts>no tests (?:ran|collected)).* in \d"),
    HarnessWord("luaunit", RESULT, r"Ran \d+ tests? in [\d.]+ seconds, \d", r"Ran \d+ tests? in [\d.]+ seconds, (?P<counts>\d+ success(?:es)?, \d+ fail.*)"),
    HarnessWord("unittest", RESULT, r"Ran \d+ tests? in ", r"Ran (?P<ran>\d+) tests? in \d"),
    HarnessWord("unittest", RESULT, r"FAILED \(|(?m:^OK)", r"(?:OK|FAILED)(?: \((?P<unittest>\w.*)\))?$"),
    HarnessWord("unittest", FAILED, r" \.\.\. (?:FAIL|ERROR|unexpected success)", r"(?P<name>\w+ \([\w.]+\)(?: \[.*\])?) \.\.\. (?:FAIL|ERROR|unexpected success)$"),
    HarnessWord("clojure", RESULT, r"Ran \d+ tests containing", r"Ran (?P<ran>\d+) tests containing \d"),
    HarnessWord("clojure", RESULT, r"\d+ failures, \d+ errors\.", r"(?P<unittest>\d+ failures, \d+ errors)\.$", needs=True),
    HarnessWord("shunit2", RESULT, r"Ran .{0,12}\d+.{0,8} tests?\.", r"Ran (?P<ran>\d+) tests?\.$"),
    HarnessWord("go", RESULT, r"--- (?:PASS|FAIL|SKIP): ", r"--- (?P<one>PASS|FAIL|SKIP): "),
    HarnessWord("go", RESULT, r"\[no tests to run\]", r"ok  \t\S+\t\S+ \[(?P<counts>no tests) to run\]"),
    HarnessWord("go", RESULT, r"(?m:^(?:ok  |FAIL)\t)", r"(?P<package>ok  |FAIL)\t\S+"),
    HarnessWord("go", RESULT, r"\"Action\":\"(?:pass|fail|skip)\"", r'\{(?:"Time":"[^"]*",)?"Action":"(?P<one>pass|fail|skip)","Package":"[^"]*","Test":"[^"/]+"[,}]'),
    HarnessWord("go", RESULT, r"\"Action\":\"(?:pass|fail)\"", r'\{(?:"Time":"[^"]*",)?"Action":"(?P<package>pass|fail)","Package":"[^"]*","Elapsed"'),
    HarnessWord("gotestsum", RESULT, r"DONE[^\n]{0,16} \d+ tests", r"DONE (?:\d+ runs, )?(?P<counts>\d+ tests(?:, \d+ \w+)*)(?: in \d|$)"),
    HarnessWord("mocha", PART, r"\d+ (?:passing|failing)", r"\s+(?P<counts>\d+ (?:passing|failing|pending))\b(?: \(\d+\w*\))?$"),
    HarnessWord("jest", RESULT, r"Tests:?[^\n]{2,16}\d", r"\s*Tests:?\s+(?P<counts>(?:\d+ \w+(?:, | \| ))*\d+ \w+)(?: \(\d+(?: assertions)?\))?$"),
    HarnessWord("jest", FAILED, r"Test (?:Suites:|Files)[^\n]{1,24}\d failed", r"\s*(?P<name>Test (?:Suites:|Files)) +[1-9]\d* failed"),
    HarnessWord("vitest", FAILED, r"Errors[^\n]{2,16}\d+ error", r"\s+(?P<name>Errors)  +[1-9]\d* errors?$"),
    HarnessWord("playwright", BEGUN, r"Running \d+ tests? using ", r"Running (?P<begun>\d+) tests? using \d+ workers?"),
    HarnessWord("playwright", PART, r"(?m:^[^\n]{2,10}\d+ (?:failed|flaky|interrupted|skipped|did not run))", r"  (?P<counts>\d+ (?:failed|flaky|interrupted|skipped))$", needs=True),
    HarnessWord("playwright", RESULT, r"\d+ passed[^\n]{0,8} \(", r"  (?P<counts>\d+ passed)(?: \([\d.]+\w+\))?$", needs=True),
    HarnessWord("tap", BEGUN, r"(?m:^1\.\.\d)", r"1\.\.(?P<plan>\d+)(?: #.*)?$"),
    HarnessWord("tap", SEEN, r"TAP version 1", r"TAP version 1\d"),
    HarnessWord("tap", ITEM, r"(?m:^(?:not )?ok \d)", r"(?P<tap>(?:not )?ok) (?P<name>\d+.*)"),
    HarnessWord("tap", FAILED, r"(?m:^Bail out!)", r"(?P<name>Bail out!)", needs=True),
    HarnessWord("node", PART, r"(?:# |ℹ )(?:pass|fail|skipped) +\d", r"(?:#|ℹ) (?P<counts>(?:pass|fail|skipped|cancelled) +\d+)$"),
    HarnessWord("prove", RESULT, r"Files=\d+, Tests=\d", r"Files=\d+, Tests=(?P<prove>\d+),"),
    HarnessWord("prove", FAILED, r"(?m:^Result: FAIL)", r"(?P<name>Result: FAIL)$"),
    HarnessWord("ctest", RESULT, r"tests passed, \d+ tests? failed out of ", r"\d+% tests passed, (?P<failed>\d+) tests? failed out of (?P<run>\d+)"),
    HarnessWord("ctest", RESULT, r"No tests were found!!!", r"(?P<counts>No tests) were found!!!"),
    HarnessWord("gtest", BEGUN, r"\[==========\][^\n]{1,12}Running \d", r"\[==========\] Running (?P<begun>\d+) test(?:s|\(s\))?(?: from |\.|$)"),
    HarnessWord("gtest", FAILED, r"\[  FAILED  \]", r"\[  FAILED  \] (?P<name>[^\s,]+)(?:, where .*)?(?: \(\d+ ms\))?$"),
    HarnessWord("gtest", RESULT, r"\[  (?:PASSED|FAILED)  \][^\n]{1,12}\d+ test", r"\[  (?P<gtest>PASSED)  \] (?P<number>\d+) test(?:s|\(s\))?[.,]"),
    HarnessWord("gtest", PART, r"\[  (?:FAILED|SKIPPED)  ?\][^\n]{1,12}\d+ test", r"\[  (?P<gtest>FAILED|SKIPPED)  ?\] (?P<number>\d+) test(?:s|\(s\))?[.,]"),
    HarnessWord("catch2", RESULT, r"All tests passed \(", r"All tests passed \(\d+ assertions? in (?P<all>\d+) test cases?\)"),
    HarnessWord("catch2", RESULT, r"test cases:[^\n]{1,8}\d", r"(?:\[doctest\] )?test cases: +(?P<counts>\d+ \|.*)"),
    HarnessWord("boost", BEGUN, r"Running \d+ test cases?\.\.\.", r"Running (?P<begun>\d+) test cases?\.\.\."),
    HarnessWord("boost", RESULT, r"\*\*\* (?:No errors detected|\d+ failures? )", r"\*\*\* (?P<boost>No|\d+) (?:errors detected|failures? (?:is|are) detected)", needs=True),
    HarnessWord("specs", RESULT, r"\d+ (?:examples?|specs?|tests?|doctests?)[^\n]{0,40}, \d+ (?:failures?|failed|errors?)\b", r"(?P<counts>(?:\d+ (?:doctests?|properties|property), )?\d+ (?:examples?|specs?|tests?|tests total)(?:, \d+ [a-z]+)*, \d+ (?:failures?|failed)(?:, \d+ [a-z]+)*)(?:$| occurred outside)"),
    HarnessWord("ava", PART, r"\d+ tests? (?:passed|failed)", r"  (?P<counts>\d+ tests? (?:passed|failed))$"),
    HarnessWord("minitest", RESULT, r"\d+ (?:runs|tests), \d+ assertions, ", r"(?P<counts>\d+ (?:runs|tests), \d+ assertions, \d+ failures, \d+ errors.*)"),
    HarnessWord("phpunit", RESULT, r"OK \(\d+ tests?", r"OK \((?P<all>\d+) tests?(?:, \d+ assertions?)?\)$"),
    HarnessWord("phpunit", RESULT, r"Tests: \d+, Assertions: ", r"(?P<counts>Tests: \d+, Assertions: .*)\.$"),
    HarnessWord("eunit", RESULT, r"(?i:all) \d+ tests passed", r"\s*All (?P<all>\d+) tests passed(?:\. ?| \(\d.*\))$"),
    HarnessWord("eunit", RESULT, r"Failed: \d+\.  Skipped: ", r"\s+(?P<counts>Failed: \d+\.  Skipped: \d+\.  Passed: \d+)\."),
    HarnessWord("tasty", RESULT, r"\d+ (?:out )?of \d+ (?:selected )?tests? failed", r" ?(?P<failed>\d+) (?:out )?of (?P<run>\d+) (?:selected )?tests? failed"),
    HarnessWord("alcotest", RESULT, r"\. \d+ tests? run\.", r"(?:Test Successful|(?P<failed>\d+) failures?!) in \S+s\. (?P<run>\d+) tests? run\."),
    HarnessWord("busted", RESULT, r"\d+ success(?:es)? / ", r"(?P<counts>\d+ success(?:es)? / \d+ failures? / \d+ errors?.*)"),
    HarnessWord("testthat", RESULT, r"\[ FAIL \d+ \|", r"\[ FAIL (?P<failed>\d+) \| WARN \d+ \| SKIP (?P<ignored>\d+) \| PASS (?P<passed>\d+) \]"),
    HarnessWord("surefire", RESULT, r"Tests run: +\d", r"(?:\[\w+\] )?Tests run: +(?P<run>\d+), +Failures: +(?P<failed>\d+)(?:, Errors: (?P<errors>\d+), Skipped: (?P<ignored>\d+)(?:, Flakes: \d+)?)?\s*$"),
    HarnessWord("gradle", RESULT, r"\d+ tests? completed, ", r"(?P<counts>\d+ tests? completed, \d+ failed(?:, \d+ skipped)?)$"),
    HarnessWord("junit", PART, r"\[ +\d+ tests (?:skipped|aborted|successful|failed) ", r"\[ +(?P<counts>\d+ tests (?:skipped|aborted|successful|failed)) +\]"),
    HarnessWord("testng", RESULT, r"Total tests run: \d", r"Total tests run: (?P<run>\d+)(?:, Passes: \d+)?, Failures: (?P<failed>\d+), Skips: (?P<ignored>\d+)"),
    HarnessWord("scalatest", RESULT, r"Tests: succeeded \d", r"(?:\[\w+\] )?Tests: (?P<counts>succeeded \d+, failed \d+, canceled \d+, ignored \d+.*)"),
    HarnessWord("sbt", RESULT, r"Total \d+, Failed \d", r"(?:\[\w+\] )?(?:Passed|Failed|Error): Total (?P<run>\d+), Failed (?P<failed>\d+), Errors (?P<errors>\d+)"),
    HarnessWord("dotnet", RESULT, r"! +- Failed: +\d", r"(?:Passed|Failed)! +- Failed: +(?P<failed>\d+), Passed: +(?P<passed>\d+), Skipped: +(?P<ignored>\d+)"),
    HarnessWord("dotnet", RESULT, r"summary: total: \d", r"Test summary: total: (?P<run>\d+), failed: (?P<failed>\d+), succeeded: \d+, skipped: (?P<ignored>\d+)"),
    HarnessWord("dotnet", SEEN, r"Total tests: ", r"Total tests: (?:\d+|Unknown)$"),
    HarnessWord("dotnet", PART, r"(?m:^ +(?:Passed|Failed|Skipped): \d)", r" +(?P<counts>(?:Passed|Failed|Skipped): \d+)$", needs=True),
    HarnessWord("dotnet", FAILED, r"Test Run Aborted", r"(?P<name>Test Run Aborted)"),
    HarnessWord("xctest", RESULT, r"Executed \d+ tests?, with", r"\s*Executed (?P<run>\d+) tests?, with (?:\d+ tests? skipped and )?(?P<failed>\d+) failures?"),
    HarnessWord("swift-testing", RESULT, r"Test run with \d", r"\W* ?Test run with (?P<run>\d+) tests? (?:in \d+ suites? )?(?:passed|failed) after [\d.]+ seconds(?: with (?P<failed>\d+) issues?)?\.?$"),
    HarnessWord("behave", RESULT, r"\d+ scenarios? (?:passed|\()", r"(?P<counts>\d+ scenarios? passed, \d+ failed.*)"),
    HarnessWord("cucumber", RESULT, r"\d+ scenarios? \(", r"\d+ scenarios? \((?P<counts>[^)]*)\)"),
    HarnessWord("zig", RESULT, r"passed; \d+ skipped; ", r"(?P<passed>\d+) passed; (?P<ignored>\d+) skipped; (?P<failed>\d+) failed\."),
    HarnessWord("dart", RESULT, r"tests (?:failed|passed)[.!]", r"\d\d:\d\d \+(?P<passed>\d+)(?: ~(?P<ignored>\d+))?(?: -(?P<failed>\d+))?: (?:Some tests failed|All tests passed)[.!]"),
    HarnessWord("deno", RESULT, r"(?m:^[^\n]{0,10}(?:ok|FAILED)[^\n]{0,10} \| \d)", r"(?:ok|FAILED) \| (?P<counts>\d+ passed(?: \(\d+ steps?\))? \| \d+ failed.*)"),
    HarnessWord("bun", SEEN, r"(?m:^[^\n]{0,10}bun test )", r"bun test v?\d"),
    HarnessWord("bun", PART, r"(?m:^[^\n]{0,10} \d+ (?:pass|fail|skip))", r" (?P<counts>\d+ (?:pass|fail|skip))$", needs=True),
    HarnessWord("meson", SEEN, r"(?m:^Ok: +\d)", r"Ok: +(?P<passed>\d+)\s*$"),
    HarnessWord("meson", PART, r"(?m:^(?:Fail|Timeout|Skipped|Unexpected Pass): +\d)", r"(?P<counts>(?:Fail|Timeout|Skipped|Unexpected Pass): +\d+)\s*$", needs=True),
    HarnessWord("automake", PART, r"(?m:^# (?:PASS|FAIL|SKIP|XFAIL|XPASS|ERROR): +\d)", r"# (?P<counts>(?:PASS|FAIL|SKIP|XFAIL|XPASS|ERROR): +\d+)$"),
    HarnessWord("lit", SEEN, r"(?m:^Testing Time: \d)", r"Testing Time: \d"),
    HarnessWord("lit", PART, r"(?m:^  +(?:Passed|Failed|Unsupported|Timed Out) *: +\d)", r"  +(?P<counts>(?:Passed|Failed|Unsupported|Timed Out|Unresolved) *: +\d+)", needs=True),
    HarnessWord("check", RESULT, r"%: Checks: \d", r"\d+%: Checks: (?P<run>\d+), Failures: (?P<failed>\d+), Errors: (?P<errors>\d+)"),
    HarnessWord("unity", RESULT, r"\d+ Tests \d+ Failures", r"(?P<run>\d+) Tests (?P<failed>\d+) Failures (?P<ignored>\d+) Ignored"),
    HarnessWord("criterion", RESULT, r"Synthesis: Tested: ", r"\[====\] Synthesis: Tested: (?P<run>\d+) \| Passing: \d+ \| Failing: (?P<failed>\d+) \| Crashing: (?P<errors>\d+)"),
    HarnessWord("qtest", RESULT, r"Totals: \d+ passed", r"Totals: (?P<passed>\d+) passed, (?P<failed>\d+) failed, (?P<ignored>\d+) skipped"),
    HarnessWord("cppunit", RESULT, r"Run: +\d+ +Failures: ", r"Run: +(?P<run>\d+) +Failures: +(?P<failed>\d+) +Errors: +(?P<errors>\d+)"),
    HarnessWord("junit xml", RESULT, r"<testsuites?[ >]", r"\s*(?:<\?xml[^>]*>\s*)?(?P<xml><testsuites?[ >].*)"),
    HarnessWord("junit xml", SEEN, r"</testsuites>", r"\s*(?P<xml_end></testsuites>)"),
    HarnessWord("julia", SEEN, r"Test Summary: +\| ", r"(?P<julia>Test Summary: +\| .*)"),
    HarnessWord("julia", RESULT, r"(?m:^\S[^|\n]*\|[ \d]+ [\d.]+s$)", r"(?P<julia>\S[^|]*\|[ \d]+ [\d.]+s)$", needs=True),
    HarnessWord("k6", FAILED, r"thresholds on metrics|some thresholds have failed", r"(?:time=\"[^\"]*\" level=error msg=\"|ERRO\[\d+\] )(?P<name>thresholds on metrics .* have been crossed|some thresholds have failed)"),
    HarnessWord("tox", FAILED, r"FAIL code \d", r"  (?P<name>\S+): FAIL code \d+ \("),
    HarnessWord("bazel", FAILED, r"(?m:^//\S+ +[^\n]{0,8}(?:FAILED|TIMEOUT|NO STATUS))", r"(?P<name>//\S+) +(?:FAILED|TIMEOUT|NO STATUS)\b"),
    HarnessWord("bazel", RESULT, r"Executed \d+ out of \d+ tests?: ", r"Executed \d+ out of (?P<run>\d+) tests?: (?:(?P<passed>\d+) tests? pass(?:es)?\b)?(?:(?:,| and)? ?(?P<failed>\d+) fails? (?:locally|remotely|to build))?(?:(?:,| and)? ?(?P<ignored>\d+) (?:was|were) skipped)?"),
    HarnessWord("cabal", FAILED, r"Test suite \S+: FAIL", r"Test suite (?P<name>\S+): FAIL$"),
    HarnessWord("quickcheck", FAILED, r"\*\*\* Failed! ", r"(?P<name>\*\*\* Failed! .*)"),
    HarnessWord("webdriverio", RESULT, r"Spec Files:\t", r"Spec Files:\s+(?P<counts>(?:\d+ [a-z]+, )+\d+ total)"),
    HarnessWord("gradle", FAILED, r" > [^\n]{1,300} .{0,12}FAILED", r"(?P<name>(?:\w+\.)*[A-Z]\w+ > [A-Za-z_].*) FAILED$"),
    HarnessWord("surefire", FAILED, r"<<< (?:FAILURE|ERROR)!", r"(?:\[\w+\] )?Tests run: .*<<< (?:FAILURE|ERROR)! -+ in (?P<name>\S+)"),
    HarnessWord("libtest", FAILED, r"\"event\": \"failed\"", r'\{ ?"type": "test", (?:"event": "failed", )?"name": "(?P<name>[^"]+)"(?:, "event": "failed"|(?<=", "event": "failed", "name": "))'),
    HarnessWord("xctest", SEEN, r"Test Suite '[^\n]{1,200}' (?:passed|failed) at", r"Test Suite '(?:All tests|Selected tests|(?P<inner>.*))' (?:passed|failed) at "),
    HarnessWord("xctest", FAILED, r"Test Case '[^\n]{1,300}' failed", r"Test Case '(?P<name>.*)' failed \("),
    HarnessWord("robot", SEEN, r"\| (?:PASS|FAIL) \|", r"(?:(?P<inner>[^|]*\w\.\w[^|]*?)|[^|]+?) +\| (?:PASS|FAIL) \|$"),
    HarnessWord("zig", RESULT, r"Build Summary: .* tests passed", r"Build Summary: .*?; (?P<passed>\d+)/(?P<run>\d+) tests passed(?:; (?P<ignored>\d+) skipped)?(?:; (?P<failed>\d+) failed)?"),
    HarnessWord("mix", RESULT, r"(?m:^Result: .{0,12}\d+ (?:passed|failed))", r"Result: (?P<counts>\d+ (?:passed|failed)(?:, \d+ [a-z]+)*)$"),
    HarnessWord("karma", RESULT, r"Executed \d+ of \d+ ", r"(?P<once>.*): Executed (?P<run>\d+) of (?P=run)(?: \((?P<failed>\d+) FAILED\)| \(skipped (?P<ignored>\d+)\)| SUCCESS| ERROR)+"),
    HarnessWord("hunit", RESULT, r"Cases: \d+ +Tried: \d", r"(?:FAILED: )?Cases: (?P<of>\d+) +Tried: (?P<run>(?P=of)) +Errors: (?P<errors>\d+) +Failures: (?P<failed>\d+)"),
    HarnessWord("common test", RESULT, r"TEST COMPLETE, \d+ ok", r"Testing .*: TEST COMPLETE, (?P<passed>\d+) ok, (?P<failed>\d+) failed(?:, (?P<ignored>\d+) skipped)?"),
    HarnessWord("common test", RESULT, r"Failed \d+ tests\. ", r"Failed (?P<failed>\d+) tests\. (?:Skipped (?P<ignored>\d+) (?:\([^)]*\) )?tests\. )?Passed (?P<passed>\d+) tests"),
    HarnessWord("ginkgo", RESULT, r"! -- .{0,12}\d+ Passed", r"(?:SUCCESS|FAIL)! -- (?P<counts>\d+ Passed \| \d+ Failed \| .*)"),
    HarnessWord("gocheck", RESULT, r"(?m:^(?:OOPS|OK): \d+ passed)", r"(?:OOPS|OK): (?P<counts>\d+ passed(?:, \d+ [A-Za-z]+)*)$"),
    HarnessWord("xunit", RESULT, r"Total: \d+, Errors: \d", r"\s+\S+\s+Total: (?P<run>\d+), Errors: (?P<errors>\d+), Failed: (?P<failed>\d+), Skipped: (?P<ignored>\d+)"),
    HarnessWord("nunit", RESULT, r"Test Count: \d+, Pass", r"\s*Test Count: \d+, (?P<counts>Pass(?:ed)?: .*)"),
    HarnessWord("pester", RESULT, r"Tests Passed: \d", r"Tests (?P<counts>Passed: \d+, Failed: \d+, Skipped: \d+.*)"),
    HarnessWord("node-tap", RESULT, r"Asserts: .*complete", r"Asserts: +(?P<counts>(?:\d+ [a-z]+ +)+)\d+ of \d+ complete"),
    HarnessWord("testcafe", SEEN, r"Running tests in:", r"\s*Running tests in:$"),
    HarnessWord("testcafe", RESULT, r"(?m:^.{1,8}\d+/\d+ failed \()", r"\s+(?P<failed>\d+)/(?P<run>\d+) failed \(\d", needs=True),
    HarnessWord("tinytest", RESULT, r"Showing \d+ out of \d+ results: |All ok, \d+ results", r"(?:Showing \d+ out of (?P<run>\d+) results: (?P<failed>\d+) fails?|All ok, (?P<all>\d+) results?)"),
    HarnessWord("runit", PART, r"Number of test functions: \d", r"Number of test functions: (?P<all>\d+)"),
    HarnessWord("runit", FAILED, r"Number of (?:errors|failures): [1-9]", r"(?P<name>Number of (?:errors|failures)): [1-9]", needs=True),
    HarnessWord("ltp", PART, r"(?m:^Total Tests: \d)", r"Total Tests: (?P<all>\d+)$"),
    HarnessWord("ltp", FAILED, r"(?m:^Total Failures: [1-9])", r"(?P<name>Total Failures): [1-9]", needs=True),
    HarnessWord("hurl", PART, r"(?m:^Executed files: +\d)", r"Executed files: +(?P<all>\d+)"),
    HarnessWord("hurl", FAILED, r"(?m:^Failed files: +[1-9])", r"(?P<name>Failed files): +[1-9]", needs=True),
    HarnessWord("greatest", RESULT, r"Pass: \d+, fail: \d", r"(?P<counts>Pass: \d+, fail: \d+, skip: \d+)\."),
    HarnessWord("munit", RESULT, r"%\) tests? successful", r"(?P<passed>\d+) of (?P<run>\d+) \(\d+%\) tests? successful, (?P<ignored>\d+) "),
    HarnessWord("ut", RESULT, r"(?m:^tests: +\d+ \| )", r"tests: +(?P<run>\d+) \| (?P<failed>\d+) failed"),
    HarnessWord("ut", RESULT, r"asserts in \d+ tests", r"All tests passed \(\d+ asserts in (?P<all>\d+) tests?\)"),
    HarnessWord("kunit", RESULT, r"Testing complete\. ", r"Testing complete\. (?:Ran \d+ tests: )?(?P<counts>(?i:passed|failed|crashed|errors|skipped): .*)"),
    HarnessWord("avocado", RESULT, r"RESULTS +: PASS \d", r"RESULTS +: (?P<counts>PASS \d+ \| .*)"),
    HarnessWord("mtr", RESULT, r"Completed: (?:Failed \d|All \d)", r"Completed: (?:Failed (?P<failed>\d+)/(?P<run>\d+) tests|All (?P<all>\d+) tests were successful)"),
    HarnessWord("kaocha", RESULT, r"\d+ tests?, \d+ assertions?, ", r"(?P<counts>\d+ tests?, \d+ assertions?, (?:\d+ errors?, )?\d+ failures?)\.$"),
    HarnessWord("zio", RESULT, r"tests? passed\. \d+ tests? failed", r"(?P<counts>\d+ tests? passed\. \d+ tests? failed\. \d+ tests? ignored)\."),
    HarnessWord("stestr", SEEN, r"Ran: \d+ tests? in \d", r"Ran: \d+ tests? in \d"),
    HarnessWord("stestr", PART, r"(?m:^ - (?:Passed|Skipped|Expected Fail|Unexpected Success|Failed): \d)", r" - (?P<counts>(?:Passed|Skipped|Expected Fail|Unexpected Success|Failed): \d+)$", needs=True),
    HarnessWord("nim", SEEN, r"\[Suite\] ", r"\[Suite\] \S"),
    HarnessWord("nim", ITEM, r"(?m:^.{1,12}\[(?:OK|FAILED|SKIPPED)\] )", r"  \[(?P<item>OK|FAILED|SKIPPED)\] \S", needs=True),
    HarnessWord("v", RESULT, r"Summary for all V _test", r"Summary for all V _test\.v files: (?P<counts>(?:\d+ [a-z]+, )+\d+ total)"),
    HarnessWord("elm", SEEN, r"(?m:^TEST RUN (?:PASSED|FAILED|INCOMPLETE))", r"TEST RUN (?:PASSED|FAILED|INCOMPLETE)"),
    HarnessWord("elm", PART, r"(?m:^(?:Passed|Failed|Skipped): +\d)", r"(?P<counts>(?:Passed|Failed|Skipped): +\d+)$", needs=True),
    HarnessWord("goss", RESULT, r"(?m:^Count: \d+, Failed: )", r"Count: (?P<run>\d+), Failed: (?P<failed>\d+), Skipped: (?P<ignored>\d+)$"),
    HarnessWord("inspec", RESULT, r"Test Summary: .{0,12}\d+ success", r"Test Summary: (?P<counts>\d+ successful, \d+ failures?, \d+ skipped)"),
    HarnessWord("newman", RESULT, r" assertions [│|] ", r"[│|] +assertions [│|] +(?P<run>\d+) [│|] +(?P<failed>\d+) [│|]"),
)  # fmt: skip

GIVES_WAY: Final = frozenset(("tox", "bazel", "cabal", "quickcheck", "webdriverio"))
"""Those that only run others: they count where no other harness was seen."""

COUNTED: Final = {
    "passed": "passed", "passing": "passed", "pass": "passed", "xfailed": "passed", "xpassed": "passed", "flaky": "passed", "completed": "run",
    "succeeded": "passed", "successes": "passed", "success": "passed", "successful": "passed", "xfail": "passed",
    "expected failures": "passed", "failed": "failed", "failing": "failed", "fail": "failed", "error": "failed",
    "errors": "failed", "failures": "failed", "failure": "failed", "unexpected successes": "failed", "timed": "failed",
    "timed out": "failed", "timeout": "failed", "exec": "failed", "cancelled": "failed", "canceled": "failed",
    "interrupted": "failed", "aborted": "failed", "xpass": "failed", "unexpected pass": "failed", "unresolved": "failed",
    "skipped": "ignored", "skip": "ignored", "skips": "ignored", "pending": "ignored", "pendings": "ignored", "todo": "ignored",
    "ignored": "ignored", "excluded": "ignored", "omissions": "ignored", "incomplete": "ignored", "unsupported": "ignored",
    "tests": "run", "test": "run", "examples": "run", "example": "run", "specs": "run", "spec": "run", "runs": "run",
    "undefined": "failed", "ambiguous": "failed", "crashed": "failed", "interrupt": "failed", "cancel": "ignored",
    "expected fail": "passed", "unexpected success": "failed", "fails": "failed",
    "doctests": "run", "doctest": "run", "scenarios": "run", "scenario": "run", "properties": "run", "property": "run",
}  # fmt: skip
"""What the words of a summary count; those that are not here (warnings, deselected, leaky, total) count nothing."""
