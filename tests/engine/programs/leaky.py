"""A server that forgets: on SIGUSR1 it opens three connections to itself and two files, and keeps them."""

import signal
import socket
import sys
from pathlib import Path

HEARD = {signal.SIGTERM, signal.SIGUSR1}


def main(folder: Path) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    server = socket.create_server(("127.0.0.1", 0))
    kept: list[object] = [(folder / "always").open("w")]
    print("port", server.getsockname()[1], flush=True)
    while signal.sigwait(HEARD) != signal.SIGTERM:
        kept += [socket.create_connection(server.getsockname()) for _ in range(3)]
        kept += [(folder / f"leaked_{n}").open("w") for n in range(2)]
        print("leaked", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
