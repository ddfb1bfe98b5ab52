from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from stresstui.tui.serve import HOST, make_server


@pytest.fixture
def colors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.mark.usefixtures("colors")
async def test_nobody_gets_in_without_the_token_or_by_another_name(tmp_path: Path) -> None:
    server = make_server(tmp_path / "run", 8123)
    mine = {"Host": f"{HOST}:8123"}
    async with TestClient(TestServer(await server._make_app())) as client:
        for path in ("/", "/ws", "/static/css/xterm.css", "/?token=wrong", "/?token=", "/?token=%C3%A9"):
            assert (await client.get(path, headers=mine)).status == 403
        foreign = {"Host": "evil.example:8123"}
        assert (await client.get(f"/?token={server.token}", headers=foreign)).status == 403
        answer = await client.get(f"/?token={server.token}", headers=mine, allow_redirects=False)
        assert answer.status == 302
        assert "token" not in answer.headers["Location"]
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        known = mine | {"Cookie": cookie.partition(";")[0]}
        assert (await client.get("/", headers=known)).status == 200


@pytest.mark.usefixtures("colors")
def test_what_is_served_only_looks_on(tmp_path: Path) -> None:
    server = make_server(tmp_path / "a run", 8123, theme="light")
    assert server.host == HOST == "127.0.0.1"
    assert server.command.endswith(f"attach '{tmp_path}/a run' --read-only --theme light")
    assert server.address.startswith("http://127.0.0.1:8123/?token=")
    assert server.token != make_server(tmp_path, 8123).token
