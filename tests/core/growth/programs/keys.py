"""Load for a server: `keys.py redis PORT CAP` writes keys (CAP of them over and over), `keys.py http PORT` asks.

`keys.py memcached PORT` writes keys that never come again.
"""

import http.client
import itertools
import random
import socket
import sys
import time


def redis(port: int, cap: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as link:
        for count in itertools.count():
            key = random.randrange(cap) if cap else count
            body = b"x" * random.randrange(200, 1800)
            name = f"key:{key}".encode()
            link.sendall(b"*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n" % (len(name), name, len(body), body))
            link.recv(64)
            time.sleep(0.02)


def memcached(port: int, _: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as link:
        for count in itertools.count():
            body = b"x" * random.randrange(100, 3000)
            link.sendall(b"set k%d 0 0 %d\r\n%s\r\n" % (count, len(body), body))
            link.recv(64)
            time.sleep(0.015)


def http_get(port: int, _: int) -> None:
    while True:
        server = http.client.HTTPConnection("127.0.0.1", port)
        for _ in range(random.randrange(1, 20)):
            server.request("GET", "/")
            server.getresponse().read()
            time.sleep(0.05)
        server.close()


if __name__ == "__main__":
    {"redis": redis, "http": http_get, "memcached": memcached}[sys.argv[1]](
        int(sys.argv[2]), int((sys.argv[3:] or ["0"])[0])
    )
