"""A program that really moves bytes over loopback, for a time; imported by the children of the tests."""

import socket
import sys
import threading
import time


def echo(seconds: float, *, reports: float = 0.0) -> None:
    """Send bytes to itself for some seconds, and report a number for the first of them."""
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener,), daemon=True).start()
    client = socket.create_connection(listener.getsockname())
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        client.sendall(b"x" * 4096)
        client.recv(65536)
        if time.monotonic() - began < reports:
            print("STRESSTUI queue=1", flush=True)
        time.sleep(0.1)


def claim(values: str, seconds: float) -> None:
    """Report the same numbers each half second."""
    for _ in range(int(2 * seconds)):
        print(f"STRESSTUI {values}", flush=True)
        time.sleep(0.5)


def _serve(listener: socket.socket) -> None:
    peer, _ = listener.accept()
    while data := peer.recv(65536):
        peer.sendall(data)


if __name__ == "__main__":
    echo(float(sys.argv[1]))
