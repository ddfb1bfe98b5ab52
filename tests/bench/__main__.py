"""What watching costs, in one table: ``python -m tests.bench [NAME...]``; by hand, on a quiet machine, an hour.

Every line compares what was measured in turns in this one run. Names: watching, idle, churn, starting, opening, flood,
overhead, driver; ``--rounds`` and ``--seconds`` shorten the first two. The rest have scripts of their own: collect
(samples by connections and processes), profiles (where the time goes), drawing, fleet, fold, comparing (how often equal
runs are called, and what is seen).
"""

import argparse
import os
import platform

from tests.bench import churn, driver, flood, idle, opening, overhead, starting, watching

PARTS = {
    "watching": watching.main, "idle": idle.main, "churn": churn.main, "starting": starting.main,
    "opening": opening.main, "flood": flood.main, "overhead": overhead.main, "driver": driver.main,
}  # fmt: skip


def main(names: list[str]) -> None:
    print(
        f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, load {os.getloadavg()[0]:.2f} at the start"
    )
    for name in names or PARTS:
        print(f"\n{name}", flush=True)
        PARTS[name]()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("names", nargs="*", choices=[[], *PARTS], metavar="NAME")
    asked.add_argument("--rounds", type=int, default=watching.ROUNDS)
    asked.add_argument("--seconds", type=int, default=watching.SECONDS)
    given = asked.parse_args()
    watching.ROUNDS, watching.SECONDS = given.rounds, given.seconds
    main(given.names)
