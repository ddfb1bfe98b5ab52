"""Load for a server: `keys.py redis PORT CAP` writes keys (CAP of them over and over), `keys.py http PORT` asks.

`keys.py memcached PORT` writes keys that never come again; `keys.py mqtt PORT CAP` has topics' last words retained.
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


def mqtt(port: int, cap: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.sendall(b"\x10\x10\x00\x04MQTT\x04\x02\x00\x00\x00\x04load")
        link.recv(64)
        for count in itertools.count():
            topic = b"rooms/%08d" % (random.randrange(cap) if cap else count)
            sent = len(topic).to_bytes(2, "big") + topic + b"x" * random.randrange(20, 100)
            link.sendall(b"\x31" + bytes([len(sent)]) + sent)
            time.sleep(0.02)


if __name__ == "__main__":
    {"redis": redis, "http": http_get, "memcached": memcached, "mqtt": mqtt}[sys.argv[1]](
        int(sys.argv[2]), int((sys.argv[3:] or ["0"])[0])
    )
