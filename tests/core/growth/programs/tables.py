"""Many short connections to a database: `tables.py closed|open`; all are closed, or one of them now and then is not."""

import random
import sqlite3
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

KEPT = 6000


def serve(place: Path, habit: str) -> None:
    """Write orders, of which the newest are kept, and read them through a connection of their own."""
    held: list[sqlite3.Connection] = []
    main = sqlite3.connect(place, isolation_level=None)
    main.execute("create table orders (number integer primary key, body text)")
    main.execute("pragma synchronous=off")
    main.execute("pragma cache_size=-6000")
    for number in count(1):
        main.execute("insert into orders (body) values (?)", ("x" * random.randrange(100, 4000),))
        main.execute("delete from orders where number = ?", (number - KEPT,))
        brief = sqlite3.connect(place)
        brief.execute("select sum(length(body)) from orders where number > ?", (number - 300,)).fetchone()
        if habit == "open" and number % 1200 == 0:
            held.append(brief)
        else:
            brief.close()
        time.sleep(0.04)


if __name__ == "__main__":
    random.seed(5)
    with tempfile.TemporaryDirectory() as room:
        serve(Path(room) / "orders.db", sys.argv[1])
