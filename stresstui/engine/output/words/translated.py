# ruff: noqa: E501, RUF001 - a table, in the languages that are printed
"""What the C library says of what ran out, in the languages that it speaks. Data."""

import re
from typing import Final

from stresstui.engine.output.words.crash import OOM, CrashWord

_RAN_OUT: Final = {
    "EMFILE": (
        "Zu viele offene Dateien", "Trop de fichiers ouverts", "Demasiados ficheros abiertos", "Demasiados ficheiros abertos",
        "Muitos arquivos abertos", "Troppi file aperti", "Слишком много открытых файлов", "打开的文件过多",
        "開啟太多檔案", "ファイルを開きすぎです", "Za dużo otwartych plików", "Te veel open bestanden",
        "열린 파일이 너무 많음", "Забагато відкритих файлів", "Çok fazla açık dosya var", "Překročen limit počtu otevřených souborů",
        "För många öppna filer", "Demasiados archivos abiertos",
    ),
    "ENOSPC": (
        "Auf dem Gerät ist kein Speicherplatz mehr verfügbar", "Aucun espace disponible sur le périphérique", "No queda espacio en el dispositivo", "Sem espaço livre no dispositivo",
        "Não há espaço disponível no dispositivo", "Spazio esaurito sul device", "На устройстве не осталось свободного места", "设备上没有空间",
        "裝置上已無多餘空間", "デバイスに空き領域がありません", "Brak miejsca na urządzeniu", "Geen ruimte meer over op apparaat",
        "장치에 남은 공간이 없음", "Недостатньо місця на пристрої", "Aygıt üzerinde boş yer yok", "Na zařízení není volné místo",
        "Enheten är full",
    ),
    "ENOMEM": (
        "Nicht genügend Hauptspeicher verfügbar", "Ne peut allouer de la mémoire", "No se pudo asignar memoria", "Impossível alocar memória",
        "Não foi possível alocar memória", "Impossibile allocare memoria", "Невозможно выделить память", "无法分配内存",
        "無法配置記憶體", "メモリを確保できません", "Nie można przydzielić pamięci", "Onvoldoende geheugen beschikbaar",
        "메모리를 할당할 수 없습니다", "Не вдалося розподілити пам’ять", "Bellek ayrılamadı", "Nelze alokovat paměť",
        "Kan inte allokera minne", "Impossible d'allouer de la mémoire", "Не удалось выделить память",
    ),
    "ENOBUFS": (
        "Kein Hauptspeicher für den Puffer verfügbar", "Aucun espace tampon disponible", "No queda espacio para memoria intermedia", "Sem espaço disponível no buffer",
        "Não há espaço de buffer disponível", "Nessuno spazio di buffer disponibile", "Недостаточно буферного пространства", "没有可用的缓冲区空间",
        "沒有可用的緩衝空間了", "利用可能な空きバッファがありません", "Brak miejsca w buforze", "Geen bufferruimte meer beschikbaar",
        "사용 가능한 버퍼 공간이 없음", "У буфері не залишилося місця", "G/Ç önbelleklerinin hepsi kullanımda", "Pro vyrovnávací paměť není volné místo",
        "Ingen buffertplats tillgänglig",
    ),
}  # fmt: skip
"""German, French, Spanish, Portuguese, Italian, Russian, Chinese, Japanese, Polish, Dutch, Korean, Ukrainian, Turkish,
Czech and Swedish; as strerror has it."""

TRANSLATED_WORDS: Final = tuple(
    CrashWord("C library", OOM, texts, "|".join(map(re.escape, texts)), anywhere=True) for texts in _RAN_OUT.values()
)
