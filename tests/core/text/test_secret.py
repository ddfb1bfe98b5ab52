import pytest

from stresstui.core.text.secret import HIDDEN, hide_secrets, without_secrets


@pytest.mark.parametrize(
    "words",
    [
        ("x", "--password", "hunter22"),
        ("x", "--db-password=hunter22"),
        ("x", "-token", "hunter22"),
        ("env", "API_KEY=hunter22", "x"),
        ("sh", "-c", "export GH_TOKEN=hunter22; make"),
        ("curl", "https://me:hunter22@host/path"),
        ("curl", "-u", "me:hunter22", "host"),
        ("curl", "-H", "Authorization: Bearer hunter22"),
        ("curl", "-H", "x-api-key: hunter22"),
        ("x", "AKIAhunter22".upper() + "ABCDEFGH"),
        ("x", "--aws-secret-access-key", "hunter22"),
    ],
)
def test_what_looks_like_a_secret_is_not_kept(words: tuple[str, ...]) -> None:
    kept = without_secrets(words)
    assert "hunter22" not in " ".join(kept).lower()
    assert HIDDEN in " ".join(kept)


@pytest.mark.parametrize(
    "words",
    [
        ("cargo", "test", "--package", "auth", "--", "--nocapture"),
        ("x", "--max-tokens", "10", "--keyfile=/etc/key", "--password", "--verbose"),
        ("curl", "https://host:8443/a@b", "-u", "me"),
        ("wrk", "-t4", "-c100", "-d30s", "http://127.0.0.1:8080"),
    ],
)
def test_what_is_no_secret_stays(words: tuple[str, ...]) -> None:
    assert without_secrets(words) == words


def test_the_rest_of_a_text_stays() -> None:
    assert hide_secrets("a postgres://u:pw@db/x b") == f"a postgres://u:{HIDDEN}@db/x b"
