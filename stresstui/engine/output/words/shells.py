# ruff: noqa: E501, RUF001 - a table: one row each, in the languages that are printed
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
    "Speicherzugriffsfehler": "SIGSEGV", "Adressierungsfehler": "SIGSEGV", "Getötet": "SIGKILL", "Abgebrochen (Killed)": "SIGKILL", "Bus-Zugriffsfehler": "SIGBUS", "Ungültiger Maschinenbefehl": "SIGILL", "Gleitkomma-Ausnahme": "SIGFPE",
    "Erreur de segmentation": "SIGSEGV", "Processus arrêté": "SIGKILL", "Tué": "SIGKILL", "Erreur du bus": "SIGBUS", "Instruction non permise": "SIGILL", "Exception en point flottant": "SIGFPE",
    "Violación de segmento": "SIGSEGV", "Terminado (killed)": "SIGKILL", "Matado": "SIGKILL", "Error en el bus": "SIGBUS", "Error del bus": "SIGBUS", "Instrucción ilegal": "SIGILL", "Excepción de coma flotante": "SIGFPE",
    "Falha de segmentação": "SIGSEGV", "Falta de segmentação": "SIGSEGV", "Morto (Killed)": "SIGKILL", "Morto": "SIGKILL", "Erro de barramento": "SIGBUS", "Erro no barramento": "SIGBUS", "Erro de bus": "SIGBUS",
    "Instrução ilegal": "SIGILL", "Exceção de ponto flutuante": "SIGFPE", "Excepção de vírgula flutuante": "SIGFPE",
    "Errore di segmentazione": "SIGSEGV", "Ucciso": "SIGKILL", "Errore di bus": "SIGBUS", "Istruzione non consentita": "SIGILL", "Eccezione in virgola mobile": "SIGFPE",
    "Ошибка сегментирования": "SIGSEGV", "Ошибка сегментации": "SIGSEGV", "Убито": "SIGKILL", "Убит": "SIGKILL", "Ошибка шины": "SIGBUS", "Недопустимая инструкция": "SIGILL", "Исключение в операции с плавающей точкой": "SIGFPE",
    "段错误": "SIGSEGV", "已杀死": "SIGKILL", "总线错误": "SIGBUS", "非法指令": "SIGILL", "浮点数例外": "SIGFPE",
    "程式記憶體區段錯誤": "SIGSEGV", "強制結束": "SIGKILL", "匯流排錯誤": "SIGBUS", "無效指令": "SIGILL", "浮點數例外": "SIGFPE",
    "セグメンテーションフォルト": "SIGSEGV", "セグメンテーション違反": "SIGSEGV", "強制終了": "SIGKILL", "バスエラー": "SIGBUS", "浮動小数点例外": "SIGFPE",
    "Naruszenie ochrony pamięci": "SIGSEGV", "Unicestwiony": "SIGKILL", "Błąd szyny": "SIGBUS", "Błędna instrukcja": "SIGILL", "Błąd w obliczeniach zmiennoprzecinkowych": "SIGFPE",
    "Segmentatiefout": "SIGSEGV", "Geëlimineerd": "SIGKILL", "Busfout": "SIGBUS", "Ongeldige instructie": "SIGILL", "Drijvendekomma-berekeningsfout": "SIGFPE",
    "세그멘테이션 오류": "SIGSEGV", "세그먼테이션 오류": "SIGSEGV", "죽었음": "SIGKILL", "버스 오류": "SIGBUS", "명령어가 잘못됨": "SIGILL", "부동 소수점 예외": "SIGFPE",
    "Помилка адресування": "SIGSEGV", "Вбито": "SIGKILL", "Вбитий": "SIGKILL", "Помилка каналу обміну даними": "SIGBUS", "Помилкова інструкція": "SIGILL", "Помилка обчислень з рухомою комою": "SIGFPE",
    "Parçalama arızası": "SIGSEGV", "Bölünme hatası": "SIGSEGV", "Süreç durduruldu": "SIGKILL", "Öldürüldü": "SIGKILL", "Veri yolu hatası": "SIGBUS", "Yönerge kuraldışı": "SIGILL", "Gerçel sayı istisnası": "SIGFPE",
    "Neoprávněný přístup do paměti (SIGSEGV)": "SIGSEGV", "Chyba segmentace": "SIGSEGV", "Neúspěšně ukončen (SIGABRT)": "SIGABRT", "Zabit": "SIGKILL", "Nedovolená instrukce": "SIGILL",
    "Segmenteringsfel": "SIGSEGV", "Avbruten (SIGABRT)": "SIGABRT", "Dödad": "SIGKILL", "Bussfel": "SIGBUS", "Otillåten instruktion": "SIGILL", "Flyttalsfel": "SIGFPE",
}  # fmt: skip
"""The translations of the C library and of bash: German, French, Spanish, Portuguese, Italian, Russian, Chinese,
Japanese, Polish, Dutch, Korean, Ukrainian, Turkish, Czech, Swedish."""

ONLY_WITH_A_CORE: Final = {
    "Abgebrochen": "SIGABRT", "Abandon": "SIGABRT", "Abortado": "SIGABRT", "Annullato": "SIGABRT", "Аварийный останов": "SIGABRT",
    "已放弃": "SIGABRT", "已中止": "SIGABRT", "中止": "SIGABRT", "Przerwane": "SIGABRT", "Afgebroken": "SIGABRT",
    "중지됨": "SIGABRT", "Перервано": "SIGABRT", "İptal edildi": "SIGABRT",
}  # fmt: skip
"""Words that people say of other things as well; of a child where a core was dumped, as the shell says behind them."""

CORE_DUMPED: Final = (
    "core dumped", "Speicherabzug geschrieben", "image mémoire enregistrée", "`core' generado", "imagem do núcleo gravada", "núcleo despejado",
    "core dump creato", "стек памяти сброшен на диск", "образ памяти сброшен на диск", "сделан дамп памяти", "核心已转储", "核心已傾印", "吐核", "コアダンプ", "zrzut pamięci",
    "geheugendump gemaakt", "코어 덤프됨", "збережено знімок оперативної пам’яті", "çekirdek döküldü", "core dumped [obraz paměti uložen]", "minnesutskrift skapad",
)  # fmt: skip
"""What shells put in brackets behind such a word."""

KORN_SIGNALS: Final = {
    "Memory fault": "SIGSEGV", "Abort": "SIGABRT", "Bus error": "SIGBUS", "Floating exception": "SIGFPE", "Illegal instruction": "SIGILL",
    "Bad system call": "SIGSYS", "Trace/BPT trap": "SIGTRAP", "Exceeded CPU time limit": "SIGXCPU", "Exceeded file size limit": "SIGXFSZ", "Killed": "SIGKILL",
}  # fmt: skip
"""As ksh93 says it, behind the child's pid."""

Z_SIGNALS: Final = {
    "segmentation fault": "SIGSEGV", "abort": "SIGABRT", "bus error": "SIGBUS", "floating point exception": "SIGFPE",
    "illegal hardware instruction": "SIGILL", "invalid system call": "SIGSYS", "trace trap": "SIGTRAP", "killed": "SIGKILL",
    "cpu limit exceeded": "SIGXCPU", "file size limit exceeded": "SIGXFSZ",
}  # fmt: skip
"""As zsh says it."""
