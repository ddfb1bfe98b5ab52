"""The ways to a receiver. Each delivers one message, within a bounded time, or raises DeliveryError."""

import http.client
import subprocess
import urllib.error
import urllib.request
from typing import Final

import msgspec

from stresstui.alerts.message import Message
from stresstui.alerts.settings import Alert

WAIT_S: Final = 10.0
"""Seconds that a receiver has for a message."""


class DeliveryError(Exception):
    """A message did not arrive; the text is one line."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A message goes where the configuration says, and nowhere else."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


def deliver(alert: Alert, message: Message) -> None:
    """Tell a receiver; raises DeliveryError."""
    if alert.url:
        _post(alert.url, message)
    elif alert.apprise:
        _by_apprise(alert.apprise, message)
    else:
        argv = ("notify-send", "--", message.title, message.text) if alert.desktop else alert.command
        _run(argv, message)


def _post(url: str, message: Message) -> None:
    body = msgspec.json.encode(message)
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked with the configuration
        url, body, {"Content-Type": "application/json", "User-Agent": "stresstui"}, method="POST"
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=WAIT_S) as answer:
            answer.read(1024)
    except urllib.error.HTTPError as error:
        error.close()
        raise DeliveryError(f"the receiver answered {error.code} {error.reason}") from None
    except http.client.HTTPException as error:  # what is there speaks something else
        raise DeliveryError(f"no answer that is HTTP: {type(error).__name__} {str(error)[:100]!r}") from None
    except (OSError, ValueError) as error:  # URLError is an OSError, and so is a time-out
        raise DeliveryError(f"not reached: {getattr(error, 'reason', error)}") from None


def _by_apprise(url: str, message: Message) -> None:
    try:
        import apprise  # noqa: PLC0415 - an extra, and heavy
    except ModuleNotFoundError:
        raise DeliveryError("apprise is not installed; pip install 'stresstui[alerts]'") from None
    sender = apprise.Apprise()
    if not sender.add(url):
        raise DeliveryError("apprise does not understand the URL")
    try:
        delivered = sender.notify(title=message.title, body=message.text)
    except Exception as error:  # noqa: BLE001 - whatever one of its many plugins raises ends no other message
        raise DeliveryError(f"apprise: {type(error).__name__}: {str(error)[:100]}") from None
    if not delivered:
        raise DeliveryError("apprise could not deliver it")


def _run(argv: tuple[str, ...], message: Message) -> None:
    text = f"{message.title}\n{message.text}\n".encode()
    try:
        done = subprocess.run(argv, input=text, capture_output=True, timeout=WAIT_S, check=False)
    except subprocess.TimeoutExpired:
        raise DeliveryError(f"{argv[0]} took longer than {WAIT_S:g} s") from None
    except (OSError, ValueError) as error:
        raise DeliveryError(f"{argv[0]}: {getattr(error, 'strerror', None) or error}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise DeliveryError(f"{argv[0]} ended with {done.returncode}: {' '.join(said)}")
