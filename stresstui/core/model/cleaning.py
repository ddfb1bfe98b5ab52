"""Events without anything in their texts that a terminal would obey: on the way into a journal, and out of one."""

from typing import Any, Final

import msgspec

from stresstui.core.model.event import Event, Sampled, Started, Timed
from stresstui.core.text.printable import printable

TEXT_MAX: Final = 4000
"""Characters that a text of an event keeps."""
TIMES_MAX: Final = 64 * 1024
"""Characters of a histogram: two digits of precision from a microsecond to an hour come to half of that."""
_BUCKETS: Final = "0123456789:,"
_AS_WRITTEN: Final = frozenset(("argv", "env", "regex", "patterns"))
"""Keys of a scenario whose texts mean something to a machine; they are cleaned where they are shown."""


def cleaned(event: Event) -> Event:
    """The event with its texts cleaned; the same object where nothing is to be done, as nearly always."""
    if isinstance(event, Sampled):
        return _cleaned_sample(event)
    if isinstance(event, Timed) and len(event.buckets) <= TIMES_MAX and not event.buckets.strip(_BUCKETS):
        return msgspec.structs.replace(event, name=printable(event.name, TEXT_MAX))
    changes = {
        name: fresh
        for name in event.__struct_fields__
        if (fresh := _cleaned_value(name, value := getattr(event, name))) is not value
    }
    if isinstance(event, Started) and "command" not in changes:
        command = tuple(printable(word, TEXT_MAX) for word in event.command)
        changes |= {"command": command} if command != event.command else {}
    return msgspec.structs.replace(event, **changes) if changes else event


def _cleaned_sample(event: Sampled) -> Sampled:
    processes = event.sample.processes
    names = "".join([one.name for one in processes])
    if names.isascii() and names.isprintable():
        return event
    fresh = tuple(msgspec.structs.replace(one, name=printable(one.name, TEXT_MAX)) for one in processes)
    return msgspec.structs.replace(event, sample=msgspec.structs.replace(event.sample, processes=fresh))


def _cleaned_value(name: str, value: Any) -> Any:
    if name in _AS_WRITTEN:
        return value
    if type(value) is str:
        return printable(value, TEXT_MAX)
    if isinstance(value, dict) and value:
        fresh = {_key(key): _cleaned_value(key, one) for key, one in value.items()}
        return value if fresh == value else fresh
    if isinstance(value, list | tuple) and value:
        items = [_cleaned_value("", one) for one in value]
        return value if all(a is b for a, b in zip(items, value, strict=True)) else type(value)(items)
    if isinstance(value, msgspec.Struct):
        changes = {n: f for n in value.__struct_fields__ if (f := _cleaned_value(n, v := getattr(value, n))) is not v}
        return msgspec.structs.replace(value, **changes) if changes else value
    return value


def _key(key: Any) -> Any:
    return printable(key, TEXT_MAX) if isinstance(key, str) else key
