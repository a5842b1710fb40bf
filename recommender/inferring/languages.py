"""The language of a song by the script of its title: what can be told by letters alone, and nothing more. Pure.

Latin letters tell nothing. Kana is Japanese and Hangul Korean; Han letters by themselves are taken for Chinese, unless
one of them is written so in Japan alone, or there is kana in the artist's name. Of the scripts that several
languages share, some letters stand in one of them alone; a title without such a letter stays unknown.
"""

import re
from collections.abc import Mapping, Sequence

from recommender.errors import FilterNotClear

_SCRIPTS: Mapping[str, str] = {
    "ja": "\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fd\u30fe\u31f0-\u31ff\uff66-\uff6f\uff71-\uff9d",
    "ko": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "zh": "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ebef",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u05d0-\u05ea",
    "th": "\u0e01-\u0e3a\u0e40-\u0e4e",
    "hi": "\u0904-\u0939\u0958-\u0961",
    "bn": "\u0985-\u09b9\u09ce\u09dc-\u09df",
    "pa": "\u0a05-\u0a39\u0a59-\u0a5e\u0a72-\u0a74",
    "gu": "\u0a85-\u0ab9",
    "ta": "\u0b85-\u0bb9",
    "te": "\u0c05-\u0c39",
    "kn": "\u0c85-\u0cb9",
    "ml": "\u0d05-\u0d3a",
    "si": "\u0d85-\u0dc6",
    "lo": "\u0e81-\u0eb0\u0ec0-\u0ec4\u0edc\u0edd",
    "my": "\u1000-\u102a",
    "ka": "\u10a0-\u10ff\u1c90-\u1cbf",
    "am": "\u1200-\u135a",
    "hy": "\u0531-\u0556\u0561-\u0587",
    "km": "\u1780-\u17b3",
    "cyrillic": "\u0400-\u0481\u048a-\u052f",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff",
}
"""The letters of each script, by the language that it tells, or by its own name where several languages share it."""
_SHARED: Mapping[str, Mapping[str, str]] = {
    "cyrillic": {"uk": "іїєґ", "be": "ў", "sr": "ђћџљњј", "mk": "ѓќѕ", "ru": "ыэё"},
    "arabic": {"ur": "ٹڈڑںے", "ku": "ێۆڵڕ", "fa": "پچژگ"},
}
"""Script → letters by which languages are told, the surest first: where one stands, the later ones say no more."""
_OF_SCRIPT = {name: re.compile(f"[{letters}]") for name, letters in _SCRIPTS.items()}
_OF_JAPAN = re.compile(
    "[覚楽気働込峠畑辻桜図広駅黒髪戦沢竜帰変円剣鉄転価両恵労営厳収発売読渋焼獣穏聴観絵総続撃払仏伝歩]"
)
FREQUENT: Mapping[str, str] = {
    "ja": "のいんるたをにとがらしりなくてまこあれすかっきみうさもでよはスンラトルリアイシレクロタドフブキマ",
    "ko": "이그사나너내아우오다하기지고가널날난넌봄눈달별비꿈밤길마바시안어에요한해혼처첫잊잘있없",
    "zh": "的我一不你是了人在有爱天心情想来上下大小中好花月风雨夜海年生无最",
    "el": "αεηιοτσνμπκγδθλ", "he": "אבהלמשתנירכדיח", "th": "เรกคนมาไม่ใจทีวอสดัขพบ", "hi": "कतनमहसपदजबरल",
    "ru": "абвгдезиклмнопрстуэ", "uk": "абвгдезиклмнопрстуїі", "ar": "ابتحدرسعفقكلمنوي", "fa": "ابتپچگدرسشمنی",
    "ka": "აბგდევმნრსჩხ", "hy": "աբգդեհիկմնսք", "km": "កខគចជតនបមរលស", "bn": "আএকতনবমর", "ta": "அஆஉஎகதநபம",
    "te": "అఆఈకతనపమ", "kn": "ಅಆಕತನಮ", "ml": "അആകതനമ", "pa": "ਅਕਤਨਮਸਦਜ", "gu": "અઆકતનમસ", "si": "අආකතනමස",
    "lo": "ກຄງຈຊດຕທນບປ", "my": "ကခငစတနပမ", "am": "አበገደለመነሰተየ", "sr": "абвгдјљњмнпст", "be": "абвгдзікмнпстў",
}  # fmt: skip
"""Letters with which words of a language in its own script begin most often, by which the index finds them."""
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_FEWEST, _LEAST_SHARE = 2, 1 / 5
"""So many, and so much, of the letters have to be of the script: one Greek letter among Latin ones is an ornament.
One alone is enough where it is the whole title."""

LANGUAGES: Mapping[str, str] = {
    "am": "Amharic", "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan",
    "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian",
    "ja": "Japanese", "ka": "Georgian", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "ku": "Kurdish", "lo": "Lao",
    "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "ms": "Malay", "my": "Burmese",
    "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "si": "Sinhala", "sk": "Slovak", "sl": "Slovene", "sq": "Albanian", "sr": "Serbian",
    "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "yo": "Yoruba", "zh": "Chinese",
}  # fmt: skip
"""Two letters → the English name; what a language can be told as."""
_KIND = re.compile(r"[-_]\w+$")
_CODES = {name.casefold(): code for code, name in LANGUAGES.items()} | {"farsi": "fa", "mandarin": "zh", "nb": "no"}


def parse_language(text: str) -> str:
    """Read a language as two letters, from these or its English name. Raises FilterNotClear."""
    code = language_code(text)
    if code is None:
        raise FilterNotClear(f'"{text}" is no language that is known here: write ja or Japanese')
    return code


def language_code(text: str) -> str | None:
    """Give the two letters of a language that is told as letters or as a name; None for what is neither.

    Letters may say which kind of it: pt-BR is Portuguese.
    """
    told = text.strip().casefold()
    letters = _KIND.sub("", told)
    return letters if letters in LANGUAGES else _CODES.get(told) or _CODES.get(letters)


def by_script(title: str, artists: Sequence[str]) -> str | None:
    """Tell a song's language, in two letters, by its title, or by its artists' names where the title is in Latin."""
    of_title, of_artists = _told(title), _told(" ".join(artists))
    if of_title == "zh" and of_artists == "ja":
        return "ja"
    if of_title is None and not _strange(title):
        return None if of_artists == "zh" else of_artists  # Japanese artists write their names in Han letters, too
    return of_title


def _strange(text: str) -> bool:
    return any(found.search(text) for found in _OF_SCRIPT.values())


def _told(text: str) -> str | None:
    if text.isascii():
        return None
    counts = {name: len(found.findall(text)) for name, found in _OF_SCRIPT.items()}
    letters = sum(counts.values()) + len(_LATIN.findall(text))
    if counts["ja"]:
        counts["ja"] += counts.pop("zh")
    if counts["ko"] and "zh" in counts:
        counts["ko"] += counts.pop("zh")
    script = max(counts, key=lambda name: counts[name])
    if counts[script] < max(min(_FEWEST, letters), letters * _LEAST_SHARE, 1):
        return None
    if script == "zh" and _OF_JAPAN.search(text):
        return "ja"
    return _of_shared(script, text.lower()) if script in _SHARED else script


def _of_shared(script: str, text: str) -> str | None:
    for language, letters in _SHARED[script].items():
        if not set(letters).isdisjoint(text):
            return language
    return "ar" if script == "arabic" else None
