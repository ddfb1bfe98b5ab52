"""What watching costs, in one table: ``python -m tests.bench [NAME...]``; by hand, on a quiet machine, an hour.

Every line compares what was measured in turns in this one run. Names: watching, starting, opening, flood, overhead.
The rest have scripts of their own: collect (samples by connections and processes), churn, drawing, driver, fleet, fold.
"""

import os
import platform
import sys

from tests.bench import flood, opening, overhead, starting, watching

PARTS = {
    "watching": watching.main, "starting": starting.main, "opening": opening.main, "flood": flood.main,
    "overhead": overhead.main,
}  # fmt: skip


def main(names: list[str]) -> None:
    print(
        f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, load {os.getloadavg()[0]:.2f} at the start"
    )
    for name in names or PARTS:
        print(f"\n{name}", flush=True)
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
