"""Holds connections to itself and replaces some of them all the time: ``churn.py COUNT RATE``, ended by its input.

It says "ready" once all are open. From then on twice COUNT sockets are open, but for the pair in hand. Connections are
picked at random and reset, so that none of them stays behind in TIME_WAIT.
"""

import contextlib
import random
import select
import socket
import struct
import sys
import time

RESET = struct.pack("ii", 1, 0)
Pair = tuple[socket.socket, socket.socket]


def opened(server: socket.socket) -> Pair:
    client = socket.create_connection(server.getsockname())
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    return client, server.accept()[0]


def replace(pairs: list[Pair], server: socket.socket) -> None:
    at = random.randrange(len(pairs))
    for end in pairs[at]:
        end.close()
    pairs[at] = opened(server)


def main() -> None:
    count, rate = int(sys.argv[1]), float(sys.argv[2])
    server = socket.create_server(("127.0.0.1", 0), backlog=128)
    pairs = [opened(server) for _ in range(count)]
    print("ready", flush=True)
    began, done = time.monotonic(), 0
    while not select.select([sys.stdin], [], [], 0.005)[0]:
        due = int((time.monotonic() - began) * rate)
        while done < due:
            replace(pairs, server)
            done += 1
    print(done, flush=True)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
