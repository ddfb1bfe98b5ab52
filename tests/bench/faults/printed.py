"""What a workload prints: floods, endless lines, bytes that are no text."""

import sys

from tests.bench.faults.register import fault
from tests.bench.faults.stage import Row, Stage

SUPERVISOR = "engine/supervise/test_supervisor.py::"
BUDGET = "engine/output/test_line_budget.py::"
PANIC = "print(\"thread 'main' panicked at src/lib.rs:1:1\", flush=True); "


def _printing(here: Stage, script: str) -> Row:
    run = here.begin(sys.executable, "-c", "import os,time; time.sleep(1); " + script + "; time.sleep(1)", samples=3)
    here.ended(run)
    row = here.row(run, lines=False)
    kept = sum(path.stat().st_size for path in run.glob("output.log*"))
    return Row(row.samples_lost, None, row.outcome, f"{kept / 1e6:.0f} MB kept; {row.message}")


@fault(
    "8 s of output as fast as it goes (200 MB/s), a panic in its middle",
    test=SUPERVISOR + "test_a_child_that_floods_does_not_slow_the_samples",
)
def flood(here: Stage) -> Row:
    lines = "b'an ordinary line of output\\n' * 40000"
    loop = f"[os.write(1, d) for d in [{lines}] for _ in range(700)]"
    return _printing(here, f"{loop}; {PANIC}{loop}")


@fault("a line of 1 GiB, then a panic", test=BUDGET + "test_an_endless_line_is_cut_and_what_follows_is_read")
def endless_line(here: Stage) -> Row:
    return _printing(
        here, f"[os.write(1, d) for d in [b'x' * 2**20] for _ in range(1024)]; os.write(1, b'\\n'); {PANIC}0"
    )


@fault("NUL bytes, then a panic", test=SUPERVISOR + "test_binary_output_is_kept_and_harmless")
def nul_bytes(here: Stage) -> Row:
    return _printing(here, f"os.write(1, bytes(100000) + b'\\n'); {PANIC}0")


@fault("bytes that are no UTF-8, then a panic", test=SUPERVISOR + "test_binary_output_is_kept_and_harmless")
def bad_utf8(here: Stage) -> Row:
    return _printing(here, f"os.write(1, b'\\xff\\xfe\\xc3\\n' * 1000); {PANIC}0")


@fault("standard output and error closed by the child", test=SUPERVISOR + "test_what_forked_away_is_ended_with_the_run")
def closed_output(here: Stage) -> Row:
    return _printing(here, "os.close(1); os.close(2); time.sleep(2)")
