"""What a scenario's file asks of the lab: names, options and faults that it has; a mistake is told before the start."""

from typing import Final

from stresstui.catalogue.convert import hint
from stresstui.catalogue.document import Document
from stresstui.catalogue.file import ScenarioFile
from stresstui.catalogue.locate import KeyPath
from stresstui.core.model.fault import FaultError, read_fault
from stresstui.core.model.lab_words import OPTIONS, PROFILES, PROTOCOLS
from stresstui.core.model.units import UnitError, parse_duration, parse_quantity

_ENDLESS: Final = float("inf")
_WHOLE: Final = {
    "a whole number": (-_ENDLESS, _ENDLESS),
    "a whole number from 0 on": (0, _ENDLESS),
    "a whole number from 1 on": (1, _ENDLESS),
    "a whole number from 1 to 64": (1, 64),
}


def check_lab(document: Document, file: ScenarioFile) -> None:
    """Raise ScenarioError at the first thing that the lab does not know."""
    for index, name in enumerate(file.services):
        _check_name(document, ("services", index), "service", name, PROTOCOLS)
    lab = file.lab
    if lab is None:
        return
    _check_name(document, ("lab", "protocol"), "protocol", lab.protocol, PROTOCOLS)
    _check_name(document, ("lab", "profile"), "profile", lab.profile, PROFILES)
    for name, value in lab.options.items():
        place = ("lab", "options", name)
        _check_name(document, place, "option", name.replace("_", "-"), tuple(OPTIONS))
        wanted = OPTIONS[name.replace("_", "-")]
        if not is_value(wanted, str(value)):
            raise document.error(place, f"'{value}' is no {name} of the lab; write {wanted}")
    for index, text in enumerate(lab.inject):
        try:
            read_fault(text)
        except FaultError as error:
            raise document.error(("lab", "inject", index), str(error)) from None


def _check_name(document: Document, place: KeyPath, what: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise document.error(place, f"unknown {what} '{name}' of the lab; {hint(name, known)}")


def is_value(wanted: str, text: str) -> bool:
    """Whether a text is what an option of the lab is to be, in the words of OPTIONS."""
    try:
        if wanted in _WHOLE:
            least, most = _WHOLE[wanted]
            return least <= int(text) <= most
        if wanted == "a number from 0 on":
            return float(text) >= 0
        if wanted == "a size such as 64KiB":
            size = parse_quantity(text)
            return size.dimension in ("bytes", "count") and size.value >= 0
        if wanted == "a time such as 60s":
            parse_duration(text)
    except (UnitError, ValueError):
        return False
    return text in ("fin", "rst") if wanted == "fin or rst" else True
