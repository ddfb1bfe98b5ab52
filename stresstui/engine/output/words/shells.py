# ruff: noqa: E501 - a table: one row each, in the languages that are printed
"""What shells and make say of a child that a signal ended, and that signal. Data; ``ended`` reads lines by it."""

from typing import Final

SHELL_SIGNALS: Final = {
    "Segmentation fault": "SIGSEGV", "Bus error": "SIGBUS", "Aborted": "SIGABRT", "Abort trap": "SIGABRT", "Killed": "SIGKILL",
    "Illegal instruction": "SIGILL", "Trace/breakpoint trap": "SIGTRAP", "Trace/BPT trap": "SIGTRAP",
    "Floating point exception": "SIGFPE", "Arithmetic exception": "SIGFPE", "Bad system call": "SIGSYS",
    "File size limit exceeded": "SIGXFSZ", "Filesize limit exceeded": "SIGXFSZ", "CPU time limit exceeded": "SIGXCPU", "Cputime limit exceeded": "SIGXCPU",
}  # fmt: skip
"""In English, and what macOS has of its own."""

OTHER_LANGUAGES: Final = {
    "Speicherzugriffsfehler": "SIGSEGV", "Getötet": "SIGKILL", "Ungültiger Maschinenbefehl": "SIGILL", "Gleitkomma-Ausnahme": "SIGFPE",
    "Erreur de segmentation": "SIGSEGV", "Processus arrêté": "SIGKILL", "Erreur du bus": "SIGBUS", "Instruction non permise": "SIGILL", "Exception en point flottant": "SIGFPE",
    "Violación de segmento": "SIGSEGV", "Terminado (killed)": "SIGKILL", "Error en el bus": "SIGBUS", "Instrucción ilegal": "SIGILL", "Excepción de coma flotante": "SIGFPE",
    "Falha de segmentação": "SIGSEGV", "Erro de barramento": "SIGBUS", "Instrução ilegal": "SIGILL", "Exceção de ponto flutuante": "SIGFPE",
    "Errore di segmentazione": "SIGSEGV", "Ucciso": "SIGKILL", "Errore di bus": "SIGBUS", "Istruzione non consentita": "SIGILL",
    "Ошибка сегментирования": "SIGSEGV", "Убито": "SIGKILL", "Ошибка шины": "SIGBUS", "Недопустимая инструкция": "SIGILL",
    "段错误": "SIGSEGV", "已杀死": "SIGKILL", "总线错误": "SIGBUS", "非法指令": "SIGILL", "浮点数例外": "SIGFPE", "強制終了": "SIGKILL",
    "Naruszenie ochrony pamięci": "SIGSEGV", "Unicestwiony": "SIGKILL", "Błąd szyny": "SIGBUS",
    "Segmentatiefout": "SIGSEGV", "Geëlimineerd": "SIGKILL",
}  # fmt: skip
"""The C library's translations: German, French, Spanish, Portuguese, Italian, Russian, Chinese, Japanese, Polish, Dutch."""

ONLY_WITH_A_CORE: Final = {
    "Abgebrochen": "SIGABRT", "Abandon": "SIGABRT", "Abortado": "SIGABRT", "Annullato": "SIGABRT", "Аварийный останов": "SIGABRT",
    "已放弃": "SIGABRT", "已中止": "SIGABRT", "中止": "SIGABRT", "Przerwane": "SIGABRT", "Afgebroken": "SIGABRT",
}  # fmt: skip
"""Words that people say of other things as well; of a child where a core was dumped, as the shell says behind them."""

CORE_DUMPED: Final = (
    "core dumped", "Speicherabzug geschrieben", "image mémoire enregistrée", "`core' generado", "imagem do núcleo gravada",
    "core dump creato", "стек памяти сброшен на диск", "сделан дамп памяти", "核心已转储", "吐核", "コアダンプ", "zrzut pamięci",
    "geheugendump gemaakt",
)  # fmt: skip
"""What shells put in brackets behind such a word."""
