"""The inventory: ``fleet.toml``, which says what boxes there are and what is to run where."""

import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Final

import msgspec

from stresstui.core.model.units import UnitError, parse_duration
from stresstui.files import read_named
from stresstui.fleet.matrix.labels import LabelError, compile_condition

_NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"


class InventoryError(ValueError):
    """Raised where an inventory cannot be used; its message names the file, the place and the mend."""


class Box(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A machine that tests run on."""

    name: Annotated[str, msgspec.Meta(pattern=_NAME)]
    """What it is called here."""
    host: str = ""
    """Its name in ``~/.ssh/config``, or its address; empty = its name."""
    port: int | None = None
    """Port of its sshd; None = as ``~/.ssh/config`` has it, else 22."""
    user: str | None = None
    """Who to log in as; None = as ``~/.ssh/config`` has it, else the same as here."""
    python: str = "python3"
    """A Python there that has stresstui[fleet]."""
    folder: str = "reports/stress-tests"
    """Where its runs are recorded, from the login's home on."""
    labels: dict[str, str | int | float | bool] = {}
    """What tells boxes apart, such as kernel or size."""
    metrics: str = ""
    """``HOST:PORT`` of its own at which a run answers scrapes, further ones at the next ports; empty = nowhere."""

    door: str = ""
    """Address at which clients of other boxes reach servers here, ``ADDRESS[:PORT]``; empty = its host."""

    @property
    def address(self) -> str:
        """What to connect to."""
        return self.host or self.name


def scenario_name(scenario: str) -> str:
    """A scenario's name as it is given, or its file's name without folder and ending."""
    return Path(scenario).stem if scenario.endswith(".toml") else scenario


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line of the matrix: what runs on every box that its condition holds for."""

    scenario: str
    """Name of a scenario that each box knows, or the path of a TOML file there."""
    where: str = ""
    """Condition on labels, such as ``kernel == '6.1' and size != 'small'``; empty = every box."""
    duration: str = ""
    """Warm-up and soak together; empty = the scenario's own."""
    options: tuple[str, ...] = ()
    """More of ``stresstui run``'s options."""
    server: str = ""
    """Box of the servers where the clients are others; then ``where`` and ``elsewhere`` say nothing."""
    clients: tuple[str, ...] = ()
    """Those boxes."""
    elsewhere: bool = False
    """True where it is to be run on another box that the condition holds for when its box is lost."""

    @property
    def name(self) -> str:
        """What the scenario is called: of a file's path its name."""
        return scenario_name(self.scenario)


class Ssh(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How boxes are reached."""

    known_hosts: str = "~/.ssh/known_hosts"
    """File of the hosts' keys; a box whose key is not in it is not talked to."""
    config: str = "~/.ssh/config"
    """Client configuration that is read where it is there."""
    keys: tuple[str, ...] = ()
    """Private keys; none = the agent's, and the usual files."""


class Dask(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A Dask cluster that is there already, whose hosts are the boxes."""

    scheduler: str
    """Its address, such as ``tls://10.0.0.1:8786``."""
    ca: str = ""
    """File of the certificates that are trusted."""
    cert: str = ""
    """File of this side's certificate, ..."""
    key: str = ""
    """... and of its key: a path, the record keeps no secret."""


class Inventory(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Boxes, and what is to run on them."""

    box: tuple[Box, ...] = ()
    """The boxes."""
    run: tuple[Wanted, ...] = ()
    """The matrix."""
    targets: str = ""
    """File of targets for Prometheus' ``file_sd``, kept while runs are followed; empty = none."""
    ssh: Ssh = Ssh()
    """How they are reached, ..."""
    dask: Dask | None = None
    """... unless they are the hosts of this cluster."""


def metrics_address(box: Box) -> tuple[str, int]:
    """Host and port at which a box is scraped, without a host its own; raises ValueError."""
    host, _, port = box.metrics.rpartition(":")
    if box.metrics and not 0 < int(port) < 65536:  # noqa: PLR2004 - what a port can be
        raise ValueError(port)
    return host or box.address, int(port or 0)


def read_inventory(path: Path, *, clustered: bool = False) -> Inventory:
    """Read an inventory; raises InventoryError. Of a cluster's hosts, which name no box, labels are known later."""
    try:
        found = msgspec.toml.decode(read_named(path), type=Inventory)
    except FileNotFoundError:
        mend = "name another with -f, or write one: 'stresstui help fleet'"
        raise InventoryError(f"there is no {path}, which says what boxes there are; {mend}") from None
    except OSError as error:
        raise InventoryError(f"{path}: {error.strerror}") from None
    except msgspec.ValidationError as error:
        raise InventoryError(f"{path}: {_plain(str(error))}") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise InventoryError(f"{path}: {error}") from None
    for mistake in _mistakes(found, clustered=clustered or found.dask is not None):
        raise InventoryError(f"{path}: {mistake}")
    return found


def _mistakes(inventory: Inventory, *, clustered: bool) -> list[str]:
    if not inventory.box and not clustered:
        return ["it names no box; add [[box]] with a name, or [dask] with a scheduler"]
    twice = [name for name, count in Counter(box.name for box in inventory.box).items() if count > 1]
    found = [f"two boxes are called '{name}'; rename one" for name in twice]
    paths = {wanted.scenario for wanted in inventory.run}
    found += [
        f"two scenarios are called '{name}'; rename a file"
        for name, count in Counter(scenario_name(path) for path in paths).items()
        if count > 1
    ]
    if inventory.targets and not any(box.metrics for box in inventory.box):
        found.append("targets: no box says where it is scraped; give one metrics = 'HOST:PORT'")
    found += [
        f"[[box]] {box.name}: host = {box.host!r} is no name or address alone; user and port have their own"
        for box in inventory.box
        if not _is_host(box.host)
    ]
    for box in inventory.box:
        try:
            metrics_address(box)
        except ValueError:
            found.append(f"[[box]] {box.name}: metrics = {box.metrics!r} is no address; write HOST:PORT")
    labels = {label for box in inventory.box for label in box.labels}
    for number, wanted in enumerate(inventory.run, 1):
        place = f"[[run]] {number} ({wanted.scenario})"
        try:
            compile_condition(wanted.where, None if clustered else labels)
        except LabelError as error:
            found.append(f"{place}: where = {wanted.where!r}: {error}")
        try:
            if wanted.duration:
                parse_duration(wanted.duration)
        except UnitError as error:
            found.append(f"{place}: duration: {error}")
    return found


def _is_host(text: str) -> bool:
    """Whether a text may be a host's name or an address; one of IPv6 has no brackets."""
    return not re.search(r"[@\[\]/\s]|^-", text) and text.count(":") != 1


def wrong_address(cluster: Dask) -> str:
    """What is wrong with where a cluster is said to be, in one clause with the mend; empty where nothing is."""
    kind, _, rest = cluster.scheduler.partition("://")
    if kind not in ("tcp", "tls") or not rest.rpartition(":")[0] or not rest.rpartition(":")[2].isdigit():
        return f"scheduler = {cluster.scheduler!r} is no address; write tls://HOST:PORT, or tcp://HOST:PORT"
    missing = [name for name in ("ca", "cert", "key") if not getattr(cluster, name)]
    if kind == "tls" and missing:
        return f"tls:// needs {' and '.join(missing)}: the files of its certificates"
    gone = [path for path in (cluster.ca, cluster.cert, cluster.key) if path and not Path(path).is_file()]
    return f"{gone[0]}: there is no such file" if gone else ""


def _plain(text: str) -> str:
    """A complaint about ``$.box[0].name`` as one about [[box]] 1."""
    what, _, place = text.partition(" - at `$.")
    if not place:
        return what
    table, _, rest = place.rstrip("`").partition("[")
    number, _, key = rest.partition("]")
    if _NAME in what:
        what = "it has 1 to 63 letters, digits, dots, dashes or underscores, and begins with a letter or digit"
    where = f"[[{table}]] {int(number) + 1}" if number.isdigit() else place.rstrip("`")
    return f"{where}{key and f': {key[1:]}'}: {what[:1].lower()}{what[1:]}"
