# ruff: noqa: E501, RUF001 - a table: what shells print, in their languages
"""What shells say of a child that a signal ended, in other languages and as Korn's and Z say it; and what they do not."""

import pytest

from stresstui.engine.output.ended import read_signal


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("x.sh: 第 3 行：12345 段错误               （核心已转储） ./prog", "SIGSEGV"),
        ("x.sh: 第 3 列：12345 程式記憶體區段錯誤  (核心已傾印) ./prog", "SIGSEGV"),
        ("x.sh: 3 行: 12345 Segmentation fault         (コアダンプ) ./prog", "SIGSEGV"),
        ("x.sh, linha 3:  4711 Falha de segmentação   (imagem do núcleo gravada) ./prog", "SIGSEGV"),
        ("x.sh: Zeile 3:  4711 Adressierungsfehler     (Speicherabzug geschrieben) ./prog", "SIGSEGV"),
        ("x.sh: 줄 3:  4711 세그멘테이션 오류 (코어 덤프됨) ./prog", "SIGSEGV"),
        ("x.sh: рядок 3:  4711 Помилка адресування ./prog", "SIGSEGV"),
        ("x.sh: satır 3:  4711 Parçalama arızası (çekirdek döküldü) ./prog", "SIGSEGV"),
        ("x.sh: řádek 3:  4711 Neúspěšně ukončen (SIGABRT) ./prog", "SIGABRT"),
        ("x.sh: rad 3:  4711 Segmenteringsfel (minnesutskrift skapad) ./prog", "SIGSEGV"),
        ("x.sh: строка 3:  4711 Ошибка сегментации (образ памяти сброшен на диск) ./prog", "SIGSEGV"),
        ("zsh: abort      ./prog", "SIGABRT"),
        ("zsh: illegal hardware instruction (core dumped)  ./prog", "SIGILL"),
        ("x.zsh:3: bus error  ./prog", "SIGBUS"),
        ("x.sh: line 1: 15953: Memory fault", "SIGSEGV"),
        ("./x.ksh[3]: ./prog: 4711: Memory fault(coredump)", "SIGSEGV"),
        ("/bin/ksh93: 15958: Abort", "SIGABRT"),
        ("Segmentation fault ", "SIGSEGV"),
    ],
)
def test_shells(line: str, signal: str) -> None:
    assert read_signal(line) == signal


@pytest.mark.parametrize(
    "line",
    [
        "zsh: command not found: abort",
        "x.c:3: abort is called here",
        "task: 3: Abort",
        "job: 12: Aborted by user",
        "Abbruch: 3 Prozesse",
        "main.go:3: killed 3 workers",
    ],
)
def test_what_only_reads_like_it(line: str) -> None:
    assert read_signal(line) is None
