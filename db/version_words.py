# ruff: noqa: RUF001  # titles have such signs
"""The words by which titles name a version, in many languages, and the small grammar of what they say together.

Pure: no I/O. Each word has a class; a note is read as the row of its words' classes, and only rows of known forms name
a version: "Live at Wembley" does, but "Live and Let Die" is a title. A new language needs words, seldom a new form.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from db.identity import fold

_WORDS = {
    "m": """
        edition edicion edicao edizione ausgabe remasterte remasterterad rimasterizzato rimasterizzata
        remasterizada remaster remastered remastering remasterd remastert remasterizado remasterizacion
        remasterizacao remasterise remasterisee remasterizzato remasterizzata remasterised remasterized
        geremasterd zremasterowany zremasterowana mastered masterizado издание ремастер ремастеринг
        ремастированная ремастеринговая רימאסטר רימסטר ريماستر ريماسترد रीमास्टर रीमास्टर्ड รีมาสเตอร์ リマスター
        リマスタリング リマスタード 修复 修復 重製版 重制版 重制 重製 리마스터 리마스터드 리마스터링
    """,
    "v": """
        versiunea fassungen version versions ver vers versao versione versie versja versiyon versiyonu wersja
        verzia verze verzio versio fassung utgava versiune verzija версия версії εκτελεση εκδοση εκδοχη גרסה גרסת
        גירסה نسخه نسخة संस्करण वर्जन वर्शन เวอร์ชัน เวอร์ชั่น バージョン ヴァージョン 版 버전 버젼 판
    """,
    "e": "edit edits cut edited editado bearbeitung эдит монтаж エディット 剪辑 剪輯 에디트",
    "x": "mix mixes mezcla микс मिक्स ミックス 믹스",
    "r": """
        remix remixed remixes rmx rework reworked bootleg dub refix flip mashup vip remezcla megamix remixado
        remixe reimagined revisited ремикс διασκευη רמיקס ريمكس रीमिक्स รีมิกซ์ リミックス 混音 리메이크 리믹스
    """,
    "l": """
        koncertowa koncertowe konser liveband live livestream liveversion liveaufnahme livemitschnitt
        konzertmitschnitt livena liveversio liveopname canli живая живой живое живьем живую лайв наживо концертная
        концертный концертне ζωντανα ζωντανη λαιβ בהופעה הופעה חי חיה לייב حي حية حفلة حفل مباشر مباشرة لايف लाइव
        บันทึกการแสดงสด แสดงสด คอนเสิร์ต ライブ ライヴ 音源 现场 現場 演唱会 演唱會 生演奏 실황 라이브 콘서트 공연
    """,
    "a": """
        akustická akustika akusticky akoestische akustyczny acoustic acustico acustica acoustique akustik
        akustisch akustische akoestisch akustisk akustiska akustinen akustyczna akustycznie akustikversion
        unplugged stripped акустика акустическая акустический акустична ακουστικα ακουστικη ακουστικο אקוסטי
        אקוסטית أكوستيك अनप्लग्ड एकॉस्टिक अकूस्टिक อะคูสติก อคูสติก アコースティック アンプラグド 弾き語り 不插电 不插電
        原声 原聲 어쿠스틱 언플러그드
    """,
    "d": """
        maquettes demo demos demoversion maqueta maquette ensayo outtake outtakes rehearsal demotape демоверсия
        демо דמו ديمو เดโม デモ 小样 小樣 데모
    """,
    "t": "take toma prise дубль テイク テーク 테이크",
    "s": "session sessions singles sesion sesiones sessao sessie sesja сессия セッション 세션",
    "c": """
        regravação regrabación rerecorded rerecording rerecord regrabado regrabada regravado regravada neuaufnahme
        reenregistre перезаписано перезапись перезаписанная 重新录制 重新錄製 再録 再録音 新録 新録音 重录 重錄
        재녹음
    """,
    "o": """
        recorded recording performed grabado grabada gravado enregistre aufgenommen запись ηχογραφηση הקלטה ביצוע
        تسجيل 録音 녹음
    """,
    "i": """
        mr strumentale strumentali enstrümantal instrumental instrumentals instrumentale instrumentaal
        instrumentalversion karaoke instrumentalna instrumentalny inst acapella acappella playback
        инструментальный инструментал инструментальная інструментал караоке минус минусовка ορχηστρικο καραοκε
        אינסטרומנטלי אינסטרומנטלית קריוקי عزف موسيقى كاريوكي वाद्य कराओके इंस्ट्रुमेंटल คาราโอเกะ บรรเลง
        インストゥルメンタル インストルメンタル インスト オフボーカル カラオケ 伴奏 纯音乐 純音樂 伴唱 卡拉 반주
        인스트루멘탈 인스트 노래방
    """,
    "q": """
        sped slowed nightcore reverb hz chopped screwed 8d ускоренная замедленная スピードアップ 加速 降调
        스페드업
    """,
    "y": "cover covers tribute кавер קאבר カバー カヴァー 翻唱 커버",
    "g": """
        symfoniczna sinfonica englische spanische französische englisch spanisch orchesterversion orchestrale
        violão orquestra bbc mtv kexp spanish english french german italian japanese korean chinese mandarin
        cantonese portuguese espanol espanola ingles anglais anglaise francais francaise deutsch deutsche italiano
        italiana piano klavier klavierversion orchestral orchestra orchester orchestre orquesta orquestal
        symphonic strings string quartet guitar choir choral vocal salsa reggaeton bachata country rock jazz club
        dance ambient lofi christmas solo duet duett remake moi alternate alternative alternativa alternativ early
        rough orkestra symphonique sinfonico английском русском иврите симфоническая оркестром английская русская
        русский испанская украинская оркестровая фортепиано αγγλικη ελληνικη ピアノ オーケストラ 英語 日本語
        韓国語 中国語 国语 國語 粤语 粵語 英文 日文 中文 钢琴 鋼琴 吉他 女声 女聲 男声 男聲 合唱 피아노 오케스트라
        영어 일본어 한국어 중국어
    """,
    "f": """
        radio single explicit clean dirty mono monaural stereo deluxe bonus extended extendida extendido original
        originale main mixed uncensored censored amended expanded uncut official oficial offizielle officiel
        officielle visualizer size моно стерео サイズ ボーナストラック 完全
    """,
    "h": """
        title master studyo albumversion radioversion singleversion albümü kayıt kaydı studioversion album video
        ep lp short full intl length long longue tv uk us usa track tracks music audio limited special anniversary
        digital digitally super inch studio standard film movie motion picture international lyric clip cd vinyl
        estudio radiofonica corta larga completa curta longa kurz lang kurze lange radyo albumowa radiowa studiowa
        7 10 12 студии полная альбомная радио сингл студийная оригинальная ραδιοφωνικη στουντιο רדיו אולפן راديو
        استوديو रेडियो สตูดิโอ アルバム シングル オリジナル ラジオ フル アニメ ショート スタジオ 映画 原版 原唱 专辑
        專輯 单曲 單曲 电台 電台 电影 電影 完整 앨범 싱글 라디오 오리지널 풀
    """,
    "k": """
        soundtrack ost саундтрек เพลงประกอบ サウンドトラック サントラ エンディング オープニング 主題曲 主题曲
        片尾曲 片头曲 片頭曲 插曲 主題歌 挿入歌
    """,
    "j": """
        mitschnitt aufnahme konzert concert concerto concierto koncert performance performans концерт выступление
        концерта
    """,
    "p": """
        no a desde con with mit avec com nos nas depuis ze at in from on en ao em im aus auf aux au des del da do
        dal di na w v i bei fra pa в от с из на στο στη από ב من في
    """,
    "b": "by",
    "u": "prod produced",
    "n": "one two three four five six seven eight nine ten ii iii iv vi vii viii ix first second third",
}
"""The words of each class: remaster or edition, version, edit, mix, remix, live, acoustic, demo, take,
session, re-recorded, recorded, instrumental, tempo, cover, style or language, format (enough by itself), format (only
with a version, an edit or a mix), soundtrack, concert (only after live), at or from, by, produced, number."""

_PHRASES = {
    r"speed up": "sped",
    r"(?:en|ao|al|dal|in) vivo|en directo|en public|na zywo|na zivo|v zivo|elo felvetel|truc tiep|i konsert"
    r"|на концерте|с концерта|in concerto|w koncercie|(?:in|en) concert|en concierto|im konzert": "live",
    r"a capp?ella": "acapella",
    r"off vocal|without vocals|backing track|in the style of .*"
    r"|(?:originally |as )?(?:made famous|performed) by(?: .*)?": "karaoke",
    r"banda sonora(?: original)?|bande originale|colonna sonora|trilha sonora": "soundtrack",
    r"(?:ban )?thu am (?:lai|moi)|neu aufgenommen|newly recorded|yeniden kayit|הקלטה חדשה"
    r"|nueva grabacion": "rerecorded",
    r"khong loi|hoa tau": "instrumental",
    r"ban phoi (?:moi|lai)": "remix",
    r"phien ban|ban": "version",
    r"voz e violao|piano and vocal|piano vocal": "acoustic",
    r"lo fi": "lofi",
    r"master take": "original",
}
_FORMS = re.compile(
    "|".join(
        (
            ".{0,4}m.*|.*m",
            ".{0,2}L.*|[aofgnv]{0,3}p?l(?:[panfvesxmcdohgikrj].*)?|.{1,3}l[nv]+|.{1,4}vl",
            ".{0,2}a(?:[vestxnglifhpor].*)?|vp?a",
            ".{0,3}d(?:[nvexpstfhlmi].*)?",
            "[dfgnovh]{0,3}tn+[fvmexh]*|[dfgn]+t.*",
            ".{1,5}s(?:[pnv].*)?|sp.*",
            ".{0,3}c.*|o(?:[ln].*)?|.{0,3}op.*|.{1,5}o",
            ".{0,4}i(?:[vxenfkr].*)?|.{0,4}y[vn]?",
            ".{0,3}q.*",
            ".{0,7}r(?:[vexnmfildphs]*|b.*)|.{0,6}x[venfmx]*",
            ".{0,4}[ve][nvefmx]*|v[pfghanlidre]{1,4}",
            "[fhnpek]*f[fhnpekvx]*|Y|pg+|[nh]+h[nh]*",
            "k.*|.*kv?|u.*",
        )
    )
)
"""Rows of classes that name a version: w is any other word, Y a year that stands alone, L a word for "live" that is
nothing else: not "Live Forever"."""
_REMIX = {"remix", "remixed", "remixes", "rmx"}
_KINDS = {
    "l": "live",
    "L": "live",
    "a": "acoustic",
    "d": "demo",
    "t": "take",
    "s": "session",
    "c": "re-recorded",
    "o": "session",
    "i": "instrumental",
    "q": "tempo",
    "r": "remix",
    "y": "cover",
}


class Note(NamedTuple):
    """What a bracket, or a part after a dash, says of the recording."""

    words: str
    kinds: frozenset[str]
    """What makes it another recording than the song's first one: "live", "remix" ...; nothing for a mere edition."""
    details: frozenset[str]
    """Which of that kind: the place of a concert, who mixed, a year."""
    cut: bool
    """Whether it may be shorter or longer than other editions of the recording."""


_CLASS = {word: kind for kind, listed in _WORDS.items() for word in fold(listed).split()}
_PHRASE = re.compile(r"\b(?:" + "|".join(f"({fold(phrase)})" for phrase in _PHRASES) + r")\b")
_AGAIN = re.compile(r"\bre (?=master|record|mix|work|edit)")
_STUCK = re.compile(r"(?<=\d)(?=ver\b|version\b|mix\b|remix\b|remaster)")
_TIES = frozenset({"and", "und", "et", "y", "e", "и"})
_MEANT = tuple(_PHRASES.values())


@lru_cache(maxsize=20_000)
def read_note(words: str) -> Note | None:
    """Read a note, folded to words: what it says of the recording, or None when it names no version."""
    note = words
    if not note.isascii():
        note = _unspaced().sub(r" \g<0> ", note)
    note = _STUCK.sub(" ", _AGAIN.sub("re", note))
    tokens = _PHRASE.sub(lambda found: _MEANT[(found.lastindex or 1) - 1], note).split()
    tokens = [token for token in tokens if token not in _TIES]
    row = "".join(map(_class, tokens))
    if len(tokens) == 1 and re.fullmatch(r"(?:19|20)\d\d", tokens[0]):
        row = "Y"
    if not _FORMS.fullmatch(row):
        return None
    if row == "on":
        row = "n"  # a mere year of recording
    told = re.split("(?<=[lLo])p", row, maxsplit=1)[0]  # what follows is a place, whatever it is called
    kinds = {_KINDS[letter] for letter in told if letter in _KINDS}
    if not kinds and not re.search("[muk]", row):
        if "x" in row and (row == "x" or re.search("[gw]", row)):
            kinds = {"remix"}
        elif re.search("[gw]", row) or re.fullmatch("n+v.*|v.*n", row):
            kinds = {"version"}
    tells = "wgn" if "remix" not in kinds else "wgnr"
    details = {token for token, letter in zip(tokens, row, strict=True) if letter in tells} - _REMIX if kinds else set()
    return Note(words, frozenset(kinds), frozenset(details), bool(re.search("[exfhv]", row)))


@cache
def _unspaced() -> re.Pattern[str]:
    """Find words of scripts that put no spaces between words."""
    found = (word for word in _CLASS if not word.isascii() and re.match("[\u0e00-\u0e7f\u3040-\uffdc]", word))
    return re.compile("|".join(sorted(found, key=len, reverse=True)))


def _class(token: str) -> str:
    known = _CLASS.get(token) or _CLASS.get(token.removeprefix("ال"))
    if known:
        return "L" if known == "l" and not token.isascii() else known
    if token[0].isdigit():
        return "q" if token.endswith("hz") else "n"
    return "w"
