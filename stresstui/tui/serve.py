"""A run in a browser: the same screen, looked at only, on this machine's loopback, for who has the token."""

import hmac
import os
import secrets
import shlex
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from aiohttp import web
from textual_serve.server import Server

from stresstui import itself

HOST: Final = "127.0.0.1"
_COOKIE: Final = "stresstui"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class GuardedServer(Server):  # type: ignore[misc, unused-ignore]
    """textual-serve, for nobody without the token."""

    def __init__(self, command: str, port: int, title: str) -> None:
        super().__init__(command, host=HOST, port=port, title=title, public_url=f"http://{HOST}:{port}")
        self.token = secrets.token_urlsafe(24)
        """What the first request has to bring; a cookie stands for it from then on."""

    @property
    def address(self) -> str:
        """Where a browser finds the run."""
        return f"{self.public_url}/?token={self.token}"

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()

        @web.middleware
        async def guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
            return await self._guard(request, handler)

        app.middlewares.append(guard)
        return app

    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Let in who has the token, by the address that was printed: a foreign name for it may be another site's."""
        if request.host != f"{HOST}:{self.port}":
            raise web.HTTPForbidden(text="not by this name")
        if self._is_token(request.query.get("token", "")):
            answer = web.HTTPFound("/")
            answer.set_cookie(_COOKIE, self.token, httponly=True, samesite="Strict")
            raise answer
        if not self._is_token(request.cookies.get(_COOKIE, "")):
            raise web.HTTPForbidden(text="open the address with the token, as 'stresstui serve' printed it")
        return await handler(request)

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())

    async def on_startup(self, app: web.Application) -> None:
        """Say where it is."""
        del app
        sys.stdout.write(f"{self.title}, read only: {self.address}\nctrl+c ends this; the run goes on\n")
        sys.stdout.flush()


def make_server(run_dir: Path, port: int, *, theme: str | None = None) -> GuardedServer:
    """Make the server of a run; each browser gets a screen, and so a process, of its own."""
    os.environ.setdefault("COLORTERM", "truecolor")  # a browser has the colours, whatever this terminal has
    command = [*itself.module("stresstui", "attach", str(run_dir.resolve()), "--read-only")]
    command += ["--theme", theme] if theme else []
    return GuardedServer(shlex.join(command), port, run_dir.name)
