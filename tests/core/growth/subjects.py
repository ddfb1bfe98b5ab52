"""The real programs whose memory and descriptors are recorded: how each is started and which processes are meant."""

import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"
SMALL = ("idle", "fd_leak", "fd_churn", "warm_up", "cache", "slow_leak", "breathe", "staircase", "bursts")
REDIS = ("redis-server", "--bind", "127.0.0.1", "--save", "")


@dataclass(frozen=True)
class Subject:
    """One program: its command, what loads it, and a part of the command line of those processes that are meant."""

    command: tuple[str, ...]
    part: str = ""
    """Empty: the started process alone."""
    load: tuple[str, ...] = ()


def small() -> dict[str, Subject]:
    """Programs of a page, each with one habit."""
    return {name: Subject((sys.executable, str(PROGRAMS / "small.py"), name)) for name in SMALL}


def in_c(room: Path) -> dict[str, Subject]:
    for name in ("sawtooth", "arenas", "slots"):
        subprocess.run(["gcc", "-O1", "-pthread", "-o", room / name, PROGRAMS / f"{name}.c", "-lm"], check=True)
    return {
        "sawtooth": Subject((str(room / "sawtooth"), "0")),
        "sawtooth_leak": Subject((str(room / "sawtooth"), "1024")),
        "arenas": Subject((str(room / "arenas"), "0")),
        "arenas_leak": Subject((str(room / "arenas"), "1")),
        "c_slots": Subject((str(room / "slots"), "0")),
    }


def in_rust(room: Path) -> dict[str, Subject]:
    subprocess.run(["rustc", "-O", "-o", room / "hash", PROGRAMS / "hash.rs"], check=True)
    return {f"rust_{habit}": Subject((str(room / "hash"), habit)) for habit in ("map", "grown", "files")}


def in_go(room: Path) -> dict[str, Subject]:
    subprocess.run(["go", "build", "-o", room / "serve", PROGRAMS / "serve.go"], check=True)
    return {f"go_{habit}": Subject((str(room / "serve"), habit)) for habit in ("bounded", "waits", "sockets")}


def in_java(room: Path) -> dict[str, Subject]:
    run = ("java", "-Xmx96m", str(PROGRAMS / "Heap.java"))
    heaps = {f"java_{habit}": Subject((*run, habit)) for habit in ("churn", "leak", "sessions")}
    subprocess.run(["javac", "-d", room, PROGRAMS / "Classes.java"], check=True)
    load = ("java", "-Xmx64m", "-XX:+UseSerialGC", "-cp", str(room), "Classes")
    web = ("java", "-Xmx128m", str(PROGRAMS / "Served.java"))
    served = {f"java_{habit}": Subject((*web, habit)) for habit in ("served", "timers")}
    return heaps | served | {f"java_{habit}": Subject((*load, habit)) for habit in ("once", "again")}


def interpreted() -> dict[str, Subject]:
    habits = ("churn", "cache", "leak", "sockets")
    services = {f"node_{habit}": Subject(("node", str(PROGRAMS / "service.js"), habit)) for habit in habits}
    orders = ("ruby", str(PROGRAMS / "objects.rb"))
    tables = (sys.executable, str(PROGRAMS / "tables.py"))
    return {
        **services,
        "node_ended": Subject(("node", str(PROGRAMS / "streams.js"))),
        **{f"node_{habit}": Subject(("node", str(PROGRAMS / "web.js"), habit)) for habit in ("served", "listens")},
        **{f"php_{habit}": Subject(("php", str(PROGRAMS / "pages.php"), habit)) for habit in ("passed", "kept")},
        **{
            f"tasks_{habit}": Subject((sys.executable, str(PROGRAMS / "tasks.py"), habit))
            for habit in ("ended", "forgotten")
        },
        **{f"ruby_{habit}": Subject((*orders, habit)) for habit in ("finished", "observed")},
        **{f"sqlite_{habit}": Subject((*tables, habit)) for habit in ("closed", "open")},
    }


def keys(*what: str) -> tuple[str, ...]:
    return sys.executable, str(PROGRAMS / "keys.py"), *what


def servers(room: Path) -> dict[str, Subject]:
    """Redis and memcached with and without a bound, and a web server."""
    pages = room / "nginx"
    (pages / "logs").mkdir(parents=True)
    (pages / "index.html").write_text("x" * 4000)
    (pages / "nginx.conf").write_text(
        "daemon off; worker_processes 2; pid nginx.pid; events {}\n"
        "http { access_log off; server { listen 127.0.0.1:7393; root .; } }\n"
    )
    cached = ("memcached", "-u", "nobody", "-l", "127.0.0.1")
    lru = ("--maxmemory", "12mb", "--maxmemory-policy", "allkeys-lru")
    return {
        "redis_lru": Subject((*REDIS, "--port", "7390", *lru), load=keys("redis", "7390")),
        "redis_again": Subject((*REDIS, "--port", "7391"), load=keys("redis", "7391", "9000")),
        "redis_grows": Subject((*REDIS, "--port", "7392"), load=keys("redis", "7392")),
        "memcached_bounded": Subject((*cached, "-p", "7394", "-m", "12"), load=keys("memcached", "7394")),
        "memcached_grows": Subject((*cached, "-p", "7395", "-m", "1024"), load=keys("memcached", "7395")),
        "nginx": Subject(
            ("nginx", "-p", str(pages), "-c", "nginx.conf", "-e", "stderr"), "nginx", keys("http", "7393")
        ),
    }


def daemons(room: Path) -> dict[str, Subject]:
    """A balancer, a broker with and without a bound, a server of files, and a monitor that watches itself."""
    (room / "haproxy").write_text(
        "defaults\n mode http\n timeout client 9s\n timeout server 9s\n timeout connect 9s\n"
        "frontend here\n bind 127.0.0.1:7396\n http-request return status 200 content-type text/plain string words\n"
    )
    for port in (7397, 7398):
        (room / f"mosquitto-{port}").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    (room / "prometheus").write_text(
        "scrape_configs: [{job_name: it, scrape_interval: 1s, static_configs: [{targets: ['127.0.0.1:7400']}]}]\n"
    )
    data = ("--storage.tsdb.path", str(room / "series"), "--web.listen-address", "127.0.0.1:7400")
    files = (sys.executable, "-m", "http.server", "7399", "--bind", "127.0.0.1", "--directory", str(PROGRAMS))
    return {
        "haproxy": Subject(("haproxy", "-db", "-f", str(room / "haproxy")), load=keys("http", "7396")),
        "mqtt_bounded": Subject(("mosquitto", "-c", str(room / "mosquitto-7397")), load=keys("mqtt", "7397", "3000")),
        "mqtt_retained": Subject(("mosquitto", "-c", str(room / "mosquitto-7398")), load=keys("mqtt", "7398")),
        "http_server": Subject(files, load=keys("http", "7399")),
        "prometheus": Subject(("prometheus", "--config.file", str(room / "prometheus"), *data)),
    }


def databases(room: Path) -> dict[str, Subject]:
    """PostgreSQL whose clients read, and one whose client prepares ever more statements."""
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    (room / "prepares.sql").write_text(
        "DO $$BEGIN EXECUTE format('PREPARE p%s AS SELECT * FROM pgbench_accounts WHERE aid=$1', nextval('n'));END$$;\n"
    )
    room.chmod(0o755)
    found: dict[str, Subject] = {}
    for name, port, work in (
        ("postgres_reads", "7401", ("-S", "-c", "3", "--rate=60")),
        ("postgres_prepares", "7402", ("-f", str(room / "prepares.sql"), "--rate=8")),
    ):
        data, link = room / name, ("-h", "127.0.0.1", "-p", port, "-U", "nobody")
        data.mkdir()
        shutil.chown(data, 65534, 65534)
        subprocess.run([*nobody, "initdb", "-U", "nobody", "-D", data], check=True, stdout=subprocess.DEVNULL)
        run = (*nobody, "postgres", "-D", str(data), "-p", port, "-k", "")
        with subprocess.Popen(run, stderr=subprocess.DEVNULL) as server:
            waiting = ["pg_isready", *link]
            while subprocess.run(waiting, check=False, stdout=subprocess.DEVNULL).returncode:
                time.sleep(0.2)
            subprocess.run(["pgbench", *link, "-i", "-s", "8", "-q", "postgres"], check=True)
            subprocess.run(["psql", *link, "-c", "create sequence n", "postgres"], check=True)
            server.send_signal(signal.SIGINT)
        load = ("sh", "-c", f"sleep 3; exec pgbench {' '.join((*link, '-n', *work))} -T 90000 postgres")
        found[name] = Subject(run, "postgres", load)
    return found


def proxies() -> dict[str, Subject]:
    """The proxies of the lab in Go, under a light load."""
    light = ("--rate", "4", "--flows", "2", "--throughput", "100KiB")

    def lab(protocol: str, *more: str) -> tuple[str, ...]:
        return sys.executable, "-m", "stresstui.lab", "run", protocol, *light, *more

    return {
        "sing_box": Subject(lab("plain"), "sing-box"),
        "xray": Subject(lab("reality"), "xray"),
        "lab_leaks": Subject(lab("plain", "--inject", "leak-memory=2MiB/min"), "stresstui.lab"),
    }


def subjects(room: Path) -> dict[str, Subject]:
    """All of them, for a folder to build in."""
    compiled = in_c(room) | in_rust(room) | in_go(room) | in_java(room)
    return small() | compiled | interpreted() | servers(room) | daemons(room) | databases(room) | proxies()
