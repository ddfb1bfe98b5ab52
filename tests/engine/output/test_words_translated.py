"""What ran out, as the C library says it in other languages."""

import pytest

from tests.engine.output.test_words import told


@pytest.mark.parametrize(
    "line",
    [
        "open: Zu viele offene Dateien",
        "bash: /dev/null: Trop de fichiers ouverts",
        "accept: Слишком много открытых файлов",
        "cp: Fehler beim Schreiben von 'x': Auf dem Gerät ist kein Speicherplatz mehr verfügbar",
        "write error: 设备上没有空间",
        "fork: メモリを確保できません",
        "mmap: No se pudo asignar memoria",
        "sendto: Aucun espace tampon disponible",
        '{"level":"error","msg":"accept: Troppi file aperti"}',
    ],
)
def test_a_limit_is_told_in_the_languages_of_the_c_library(line: str) -> None:
    assert told(line) == ["oom"]


@pytest.mark.parametrize("line", ["Zu viele offene Dateien: 0", 'query="Zu viele offene Dateien" hits=0'])
def test_a_count_of_none_is_not(line: str) -> None:
    assert told(line) == []
