"""A child that does what it is told, one command a line, and acknowledges each with one line of JSON."""

import contextlib
import ctypes
import fcntl
import json
import mmap
import os
import queue
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOSTS = {4: "127.0.0.1", 6: "::1"}
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}

_CLONE_NEWNET, _MAP_HUGETLB = 0x40000000, 0x40000
_IO_URING_SETUP, _IO_URING_REGISTER = 425, 427
_FIN_WAIT2 = 5
"""A state of Linux' include/net/tcp_states.h."""

kept: list[Any] = []
connections: list[tuple[socket.socket, socket.socket]] = []
children: list[subprocess.Popen[str]] = []


def allocate(mib: int) -> None:
    block = bytearray(mib << 20)
    block[:: os.sysconf("SC_PAGE_SIZE")] = b"x" * len(range(0, len(block), os.sysconf("SC_PAGE_SIZE")))
    kept.append(block)


def open_files(count: int) -> None:
    kept.extend(tempfile.TemporaryFile() for _ in range(count))  # noqa: SIM115  kept open on purpose


def open_files_in_a_thread(gate: str, count: int) -> None:
    """Open files once somebody writes into a fifo, without this thread's doing."""
    opened = os.open(gate, os.O_RDWR)
    kept.append(opened)

    def act() -> None:
        os.read(opened, 1)
        open_files(count)
        _wait_forever()

    threading.Thread(target=act, daemon=True).start()


def listener(version: int) -> socket.socket:
    made = socket.create_server((HOSTS[version], 0), family=FAMILIES[version], backlog=128)
    kept.append(made)
    return made


def listen(version: int, count: int) -> None:
    for _ in range(count):
        listener(version)


def connect(version: int, count: int) -> None:
    """Hold both ends of every connection."""
    server = listener(version)
    for _ in range(count):
        client = socket.create_connection(server.getsockname()[:2])
        connections.append((client, server.accept()[0]))


def connect_in_a_thread(flags: int, given_up: int = 0) -> str:
    """Hold both ends of three connections, made by a thread that first went apart from the others by unshare(2).

    So many other descriptors are open before, which it gives up.
    """
    told = queue.Queue[str]()
    spare = [os.open(os.devnull, os.O_RDONLY) for _ in range(given_up)]

    def act() -> None:
        refused = ctypes.CDLL(None, use_errno=True).unshare(flags)
        if not refused:
            for fd in spare:
                os.close(fd)
            raise_loopback()
            connect(4, 3)
        told.put(os.strerror(ctypes.get_errno()) if refused else "")
        _wait_forever()

    threading.Thread(target=act, daemon=True).start()
    return told.get()


def connect_elsewhere() -> str:
    """Hold both ends of three connections in a network namespace that this process is not in any more."""
    with Path("/proc/self/ns/net").open() as before:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_CLONE_NEWNET):
            return os.strerror(ctypes.get_errno())
        raise_loopback()
        connect(4, 3)
        libc.setns(before.fileno(), 0)
    return ""


def send_away() -> None:
    """Send all connections in a message that nobody takes, and close them."""
    kept.extend(socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
    for pair in connections:
        socket.send_fds(kept[-1], [b"x"], [one.fileno() for one in pair])
    close_connections(len(connections))


def register_with_a_ring() -> str:
    """Leave all connections to io_uring, and close them."""
    libc = ctypes.CDLL(None, use_errno=True)
    ring = libc.syscall(_IO_URING_SETUP, 8, ctypes.create_string_buffer(120))
    numbers = [one.fileno() for pair in connections for one in pair]
    if ring < 0 or libc.syscall(_IO_URING_REGISTER, ring, 2, (ctypes.c_int * len(numbers))(*numbers), len(numbers)):
        return os.strerror(ctypes.get_errno())
    close_connections(len(connections))
    return ""


def connect_unaccepted(version: int, count: int) -> None:
    server = listener(version)
    kept.extend(socket.create_connection(server.getsockname()[:2]) for _ in range(count))


def accept_waiting(count: int) -> None:
    """Accept connections that wait on the newest sockets that listen."""
    waited_on = [one for one in kept if isinstance(one, socket.socket) and _listens(one)]
    kept.extend(waited_on[-1].accept()[0] for _ in range(count))


def _listens(one: socket.socket) -> bool:
    return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def swap_listener(version: int) -> None:
    """Let another socket listen in place of one that does."""
    old = next(one for one in kept if isinstance(one, socket.socket) and _listens(one))
    kept.remove(old)
    old.close()
    listener(version)


def defer_connection() -> None:
    """Leave a connection in SYN_SENT for which nothing is sent before there is data (TCP_FASTOPEN_CONNECT)."""
    server = next(one for one in kept if isinstance(one, socket.socket) and _listens(one))
    late = socket.socket(server.family)
    for option in (30, 34):  # TCP_FASTOPEN_CONNECT, TCP_FASTOPEN_NO_COOKIE: Python has no names for them
        late.setsockopt(socket.IPPROTO_TCP, option, 1)
    late.connect(server.getsockname())
    kept.append(late)


def fill_a_connection() -> None:
    """Send what nobody reads until no more can be sent."""
    client, _ = connections[0]
    client.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            client.send(b"x" * (1 << 16))


def close_the_filled() -> None:
    """Close it: what says so has to wait behind the data, and no segment is sent."""
    connections[0][0].close()


def connect_refused(count: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = server.getsockname()
    for _ in range(count):
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(place)


def half_close(count: int) -> None:
    """Leave the accepted ends in CLOSE_WAIT."""
    for _ in range(count):
        client, server = connections.pop()
        _say_the_end(client, server)
        client.close()
        kept.append(server)


def half_shut(count: int) -> None:
    """Leave both ends open, the connecting one in FIN_WAIT2 and the accepted one in CLOSE_WAIT."""
    for _ in range(count):
        client, server = connections.pop()
        _say_the_end(client, server)
        kept.extend((client, server))


def _say_the_end(client: socket.socket, server: socket.socket) -> None:
    """Shut the connecting end, until the other's acknowledgement is there too: that may be put off."""
    client.shutdown(socket.SHUT_WR)
    server.recv(1)
    while client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != _FIN_WAIT2:
        time.sleep(0.001)


def connect_in_vain(count: int) -> None:
    """Leave connections in SYN_SENT: the accept queue that they ask for is full."""
    server = socket.create_server(("127.0.0.1", 0), backlog=1)
    kept.append(server)
    kept.extend(socket.create_connection(server.getsockname()) for _ in range(2))
    for _ in range(count):
        late = socket.socket()
        late.setblocking(False)
        late.connect_ex(server.getsockname())
        kept.append(late)


def close_connections(count: int) -> None:
    for _ in range(count):
        for end in connections.pop():
            end.close()


def replace_connections(count: int) -> None:
    """Close and open as many: the same descriptor numbers with other sockets."""
    close_connections(count)
    server = kept[-1]
    for _ in range(count):
        client = socket.create_connection(server.getsockname()[:2])
        connections.append((client, server.accept()[0]))


def shuffle_connection() -> None:
    """Put another socket on the number of one that stays open under a new number."""
    client, server = connections.pop()
    connections.append((client, server.dup()))
    fresh = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    fresh.bind(("127.0.0.1", 0))
    os.dup2(fresh.fileno(), server.fileno())
    fresh.close()
    kept.append(server)


def bind_udp(version: int, count: int) -> None:
    for _ in range(count):
        made = socket.socket(FAMILIES[version], socket.SOCK_DGRAM)
        made.bind((HOSTS[version], 0))
        kept.append(made)


def bind_udp_at(number: int) -> None:
    """Bind a socket under a descriptor's number, whatever that led to before."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as fresh:
        fresh.bind((HOSTS[4], 0))
        os.dup2(fresh.fileno(), number)


def move(count: int) -> None:
    """Send bytes from the client to the server of the first connection, and half of them back."""
    client, server = connections[0]
    for sender, receiver, size in ((client, server, count), (server, client, count // 2)):
        thread = threading.Thread(target=sender.sendall, args=(b"x" * size,))
        thread.start()
        left = size
        while left:
            left -= len(receiver.recv(min(left, 1 << 16)))
        thread.join()


def send_in_short(count: int, size: int) -> None:
    """Send so many times so many bytes, over a connection of its own each time."""
    server = listener(4)
    for _ in range(count):
        client = socket.create_connection(server.getsockname())
        accepted = server.accept()[0]
        thread = threading.Thread(target=client.sendall, args=(b"x" * size,))
        thread.start()
        left = size
        while left:
            left -= len(accepted.recv(min(left, 1 << 16)))
        thread.join()
        client.close()
        accepted.close()


def spin(cpu_s: float) -> None:
    end = time.process_time() + cpu_s
    while time.process_time() < end:
        pass


def start_threads(count: int) -> None:
    for _ in range(count):
        threading.Thread(target=threading.Event().wait, daemon=True).start()


def spawn(*argv: str) -> int:
    """Start another child like this one, held by its standard input."""
    made = subprocess.Popen(
        argv or (sys.executable, __file__), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    children.append(made)
    return made.pid


def spawn_from_thread() -> int:
    """Start a child from a thread that goes on living, so that it is that thread's child."""
    made: list[int] = []
    done = threading.Event()

    def act() -> None:
        made.append(spawn())
        done.set()
        _wait_forever()

    threading.Thread(target=act, daemon=True).start()
    done.wait()
    return made[0]


def tell(index: int, *command: Any) -> Any:
    """Pass a command on to a child of this one."""
    child = children[index]
    assert child.stdin
    assert child.stdout
    print(json.dumps(command), file=child.stdin, flush=True)
    return json.loads(child.stdout.readline())


def dismiss(index: int) -> int:
    child = children.pop(index)
    child.communicate()
    return child.returncode


def adopt_orphans() -> None:
    """Be a subreaper (prctl(2))."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def fork_sharing() -> int:
    """Fork a child that holds every socket too, until it is killed."""
    return _forked(_wait_forever)


def fork_touching() -> int:
    """Fork a child that has looked at all shared memory of this one."""
    ready, told = os.pipe()

    def act() -> None:
        for block in kept:
            if isinstance(block, mmap.mmap):
                block[:: mmap.PAGESIZE]
        os.write(told, b"x")
        _wait_forever()

    pid = _forked(act)
    os.read(ready, 1)
    return pid


def fork_away() -> int:
    """Fork a grandchild and end its parent: only a subreaper still has it."""
    reader, writer = os.pipe()
    middle = _forked(lambda: os.write(writer, str(_forked(_wait_forever)).encode()))
    os.waitpid(middle, 0)
    pid = int(os.read(reader, 32))
    os.close(reader)
    os.close(writer)
    return pid


def zombie() -> int:
    """End a child without reaping it."""
    pid = _forked(lambda: None)
    await_end(pid)
    return pid


def await_end(pid: int) -> None:
    """Wait for the end of a child, and leave it unreaped."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def reap(pid: int) -> None:
    os.waitpid(pid, 0)


def burn_in_children(count: int, cpu_s: float) -> None:
    """Use CPU in children that live one after another, and wait for each."""
    for _ in range(count):
        os.waitpid(_forked(lambda: spin(cpu_s)), 0)


def burn_away(cpu_s: float) -> None:
    """Use CPU in a grandchild whose parent has ended, and return once it has ended."""
    reader, writer = os.pipe()
    middle = _forked(lambda: _forked(lambda: spin(cpu_s)))
    os.close(writer)
    os.waitpid(middle, 0)
    os.read(reader, 1)
    os.close(reader)


def hold_memory_files(count: int, mib: int) -> None:
    """Fill files that only memory holds, and map none of them."""
    for _ in range(count):
        fd = os.memfd_create("held")
        os.write(fd, b"x" * (mib << 20))
        kept.append(fd)


def map_memory_file(mib: int) -> None:
    """Fill and map a memory file."""
    fd = os.memfd_create("mapped")
    os.truncate(fd, mib << 20)
    mapped = mmap.mmap(fd, mib << 20)
    mapped.write(b"x" * (mib << 20))
    kept.extend((fd, mapped))


def take_huge_pages(count: int) -> str:
    """Use huge pages of 2 MiB that the machine has set aside."""
    try:
        block = mmap.mmap(-1, count << 21, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _MAP_HUGETLB)
    except OSError as error:
        return str(error)
    block[:: 1 << 21] = b"x" * count
    kept.append(block)
    return ""


def make_segment(mib: int) -> int:
    """Fill shared memory of System V and let go of it; return its id (shmget(2))."""
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    segment = libc.shmget(0, mib << 20, 0o1600)
    place = libc.shmat(segment, None, 0)
    ctypes.memset(place, 1, mib << 20)
    libc.shmdt(ctypes.c_void_p(place))
    return int(segment)


def remove_segment(segment: int) -> None:
    ctypes.CDLL(None).shmctl(segment, 0, None)


def share_memory(mib: int) -> None:
    """Hold shared memory that no descriptor leads to."""
    mapped = mmap.mmap(-1, mib << 20)
    mapped.write(b"x" * (mib << 20))
    kept.append(mapped)


def execute() -> None:
    """Become another program (which does the same)."""
    os.execv(sys.executable, [sys.executable, "-S", __file__, "executed"])


def first_thread_ends() -> None:
    """End the first thread only, as no Python function can."""
    threading.Thread(target=threading.Event().wait).start()
    acknowledge(None)
    ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[os.uname().machine], 0)


def raise_loopback() -> None:
    """Bring up ``lo`` in a fresh network namespace."""
    up = struct.pack("16sH", b"lo", 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, up)


def _wait_forever() -> None:
    threading.Event().wait()


def _forked(act: Callable[[], object]) -> int:
    pid = os.fork()
    if not pid:
        try:
            # The end of the child's own output is what its parent waits for.
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, 0)
            os.dup2(null, 1)
            act()
        finally:
            os._exit(0)
    return pid


def acknowledge(answer: object) -> None:
    print(json.dumps(answer), flush=True)


def main() -> None:
    if sys.argv[1:] == ["executed"]:
        acknowledge(None)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        acknowledge(globals()[name](*arguments))
    with contextlib.suppress(ChildProcessError):
        while children:
            dismiss(0)


if __name__ == "__main__":
    main()
