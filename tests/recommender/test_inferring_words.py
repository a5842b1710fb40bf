"""What names, letters, numbers and features tell of a song that nobody told it of."""

# ruff: noqa: RUF001 - letters of many scripts are what is tested

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import FilterNotClear
from recommender.inferring import countries
from recommender.inferring.country_words import NAMES, WORDS
from recommender.inferring.genre_words import OTHERWISE, PLAIN
from recommender.inferring.genres import Lexicon, agreed
from recommender.inferring.languages import FREQUENT, LANGUAGES, by_script, language_code, parse_language
from recommender.inferring.moods import MOODS, is_of_mood, moods_of, parse_mood
from recommender.models.title_words import title_words

LEXICON = Lexicon(["Poptimism", "chill"])


@pytest.mark.parametrize(
    ("name", "genres"),
    [
        ("90s Rock Hits", ("rock",)),
        ("Hip-Hop & R&B", ("hip hop", "r&b")),
        ("RnB", ("r&b",)),
        ("Indie Rock / Pop-Punk", ("indie rock", "pop punk")),
        ("K-Pop 2021", ("k-pop",)),
        ("Русский рок", ("rock",)),
        ("シティーポップ", ("city pop",)),
        ("Reggaetón viejo", ("reggaeton",)),
        ("2019 in Poptimism", ("Poptimism",)),
        ("𝓡𝓸𝓬𝓴 🤘", ("rock",)),
        ("House Party", ()),
        ("chill", ()),
        ("soul food", ()),
        ("my favourites", ()),
        ("", ()),
    ],
)
def test_a_playlists_name_tells_genres(name: str, genres: tuple[str, ...]) -> None:
    assert LEXICON.named(name) == genres


@pytest.mark.parametrize(("told", "language"), [("pt-BR", "pt"), ("zh_Hans", "zh"), ("nb-NO", "no"), ("x-y", None)])
def test_letters_of_a_language_may_say_which_kind(told: str, language: str | None) -> None:
    assert language_code(told) == language


def test_beside_what_is_told_only_names_of_one_genre_count() -> None:
    names = ["R&B & Brit Pop", "Brit Pop", "Indie / Britpop / Punk"]
    assert LEXICON.of_plain_lists(names) == ("brit pop",)
    assert LEXICON.of_plain_lists([*names, "Rock", "Hard Rock", "Jazz"]) == ()
    assert LEXICON.of_plain_lists(names[:1]) == ()


def test_every_genre_is_told_by_its_own_name() -> None:
    """And by each of the other ways of writing it."""
    for genre in (name.strip() for name in PLAIN.split(",")):
        assert LEXICON.named(genre) == (genre,)
    for written, genre in OTHERWISE.items():
        assert LEXICON.named(written) == ((genre,) if genre else ())


@given(st.lists(st.sampled_from(["Rock", "R&B", "80's", "Hip Hop", "róck", "🤘", "love", "JAZZ", "рок", "don't"])))
def test_what_needs_no_folding_is_read_as_what_does(words: list[str]) -> None:
    """The quick look at a name leaves out nothing that folding all of it finds."""
    name = " ".join(words)
    slow = LEXICON.phrases._found(title_words(name))
    assert LEXICON.named(name) == tuple(dict.fromkeys(genre for genre in slow if genre))


def test_of_many_lists_more_have_to_agree() -> None:
    """One list of one is enough; of fifty, five that are a third of those that tell any."""
    assert LEXICON.of_lists(["Rock"]) == ("rock",)
    assert LEXICON.of_lists(["Rock"] * 4 + ["x"] * 46) == ()
    assert LEXICON.of_lists(["Rock"] * 5 + ["x"] * 45) == ("rock",)
    assert LEXICON.of_lists(["Rock"] * 9 + ["Jazz"] * 2) == ("rock",)
    assert agreed([("a",), ("b",)], 2) == ()
    assert agreed([("a", "b"), ("a",)], 2) == ("a",)


@given(st.text())
def test_any_name_and_any_text_can_be_asked(text: str) -> None:
    LEXICON.named(text)
    assert set(countries.named(text)) <= NAMES.keys()
    assert by_script(text, [text]) in {None, *LANGUAGES}
    assert countries.country_code(text) in {None, *NAMES}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Deutschrap 2020", "DE"),
        ("K-Pop", "KR"),
        ("Música do Brasil", "BR"),
        ("Suomirock", "FI"),
        ("Polskie hity", "PL"),
        ("Elite Grime 🇬🇧", "GB"),
        ("日本の夏", None),
        ("邦楽", "JP"),
        ("Songs of Sweden", "SE"),
        ("Top 50 - Sweden", None),
        ("Latin American Nights", None),
        ("Love Island", None),
        ("Turkey dinner", None),
        ("Spanish Guitar", None),
    ],
)
def test_a_playlists_name_tells_a_country(name: str, code: str | None) -> None:
    assert countries.named(name) == ((code,) if code else ())


def test_two_lists_and_most_have_to_name_a_country() -> None:
    assert countries.from_lists(["Deutschrap"]) is None
    assert countries.from_lists(["Deutschrap", "Made in Germany", "x", "K-Pop"]) == "DE"
    assert countries.from_lists(["Deutschrap", "Made in Germany", "K-Pop", "Korean"]) is None
    assert countries.from_lists(["🇩🇪 🇦🇹 🇨🇭 🇮🇹"] * 3) is None, "lists of the world's music"


@pytest.mark.parametrize(
    ("isrc", "code"),
    [("SEABC1234567", "SE"), ("us-rc1-76-07839", "US"), ("QMABC1234567", "US"), ("QZABC1234567", "US"),
     ("UKABC1234567", "GB"), ("GBABC1234567", "GB"), ("TCABC1234567", None), ("ZZABC1234567", None), ("US", None),
     ("", None), (None, None)],
)  # fmt: skip
def test_the_number_of_a_recording_tells_where_it_was_registered(isrc: str | None, code: str | None) -> None:
    assert countries.from_isrc(isrc) == code


@pytest.mark.parametrize("text", ["SE", "se", "Sweden", " sweden ", "Schwedisch", "Sverige"])
def test_a_country_is_read_from_letters_and_names(text: str) -> None:
    assert countries.parse_country(text) == "SE"


def test_every_country_is_read_from_its_letters_and_its_name() -> None:
    for code, name in NAMES.items():
        assert countries.parse_country(code) == countries.parse_country(name) == code
    assert WORDS.keys() <= NAMES.keys()


def test_what_is_not_there_is_refused_with_what_is() -> None:
    with pytest.raises(FilterNotClear, match=r'there is no country "Swedn": there are Sweden'):
        countries.parse_country("Swedn")
    with pytest.raises(FilterNotClear, match=r'"Klingon" is no language that is known here: write ja or Japanese'):
        parse_language("Klingon")
    with pytest.raises(FilterNotClear, match=r"there are happy, tense, sad, calm, party, acoustic"):
        parse_mood("blue")


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("春の手紙", "ja"), ("ドライフラワー", "ja"), ("完全感覚Dreamer", "ja"), ("月亮代表我的心", "zh"),
        ("봄날", "ko"),        ("좋은 날 (Good Day)", "ko"), ("Выпускной", "ru"), ("Звёзды", "ru"),
        ("Дівчина", "uk"), ("Їхав козак", "uk"),
        ("Адвечная ў", "be"), ("Ђурђевдан", "sr"), ("Кукушка", None), ("Πάμε", "el"), ("סיבובים", "he"),
        ("حبيبي", "ar"), ("گل پونه‌ها", "fa"), ("میرے ہاتھ میں", "ur"), ("ใจเดียว", "th"), ("दुनिया", "hi"),
        ("ভালোবাসা", "bn"), ("காதல்", "ta"), ("ప్రేమ", "te"), ("ಪ್ರೀತಿ", "kn"), ("പ്രണയം", "ml"), ("પ્રેમ", "gu"),
        ("ਪਿਆਰ", "pa"), ("ආදරය", "si"), ("ຮັກ", "lo"), ("ချစ်", "my"), ("ស្នេហា", "km"), ("სიყვარული", "ka"),
        ("Սեր", "hy"), ("ፍቅር", "am"), ("火", "zh"), ("Ω", "el"), ("Λove Song", None), ("Déjà Vu", None), ("99", None),
        ("", None),
    ],
)  # fmt: skip
def test_letters_tell_a_language(title: str, language: str | None) -> None:
    assert by_script(title, []) == language


def test_the_artist_tells_where_the_title_is_in_latin() -> None:
    """But not in Han letters, in which artists of two countries write their names."""
    assert by_script("Butter", ["구름소년단"]) == "ko"
    assert by_script("Lemon", ["米津玄師"]) is None
    assert by_script("白日", ["きのこ村"]) == "ja"
    assert by_script("Кукушка", ["구름소년단"]) is None, "the title tells something else, if not what"


def test_every_language_of_frequent_letters_is_told_by_them() -> None:
    """So that what the index finds by them is of that language, or may be."""
    for language, letters in FREQUENT.items():
        assert by_script(letters, []) in (language, "uk" if language == "be" else language)
    assert FREQUENT.keys() <= LANGUAGES.keys()


def test_a_language_is_read_from_letters_and_names() -> None:
    for code, name in LANGUAGES.items():
        assert parse_language(code) == parse_language(name.upper()) == language_code(f" {name} ") == code


@pytest.mark.parametrize(
    ("audio", "moods"),
    [
        ({"valence": 0.9, "energy": 0.9}, ("happy",)),
        ({"valence": 0.1, "energy": 0.9}, ("tense",)),
        ({"valence": 0.1, "energy": 0.1}, ("sad",)),
        ({"valence": 0.9, "energy": 0.1}, ("calm",)),
        ({"valence": 0.5, "energy": 0.9}, ()),
        ({"valence": 0.7, "energy": 0.8, "danceability": 0.8}, ("happy", "party")),
        ({"valence": 0.1, "energy": 0.2, "acousticness": 0.95}, ("sad", "acoustic")),
        ({"valence": 0.9}, ()),
        ({}, ()),
    ],
)
def test_features_name_moods(audio: dict[str, float], moods: tuple[str, ...]) -> None:
    assert moods_of(audio) == moods


unit = st.floats(0, 1)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("valence", "energy", "danceability", "acousticness"), unit)))
def test_a_song_is_of_the_moods_that_are_named_of_it(audio: dict[str, float]) -> None:
    """Of the four corners it is in one at most; and what is not known makes neither a mood nor none."""
    named = moods_of(audio)
    assert len(set(named) & {"happy", "tense", "sad", "calm"}) <= 1
    for mood in MOODS:
        assert (is_of_mood(audio, (mood,)) is True) == (mood in named)
        if set(MOODS[mood]) <= audio.keys():
            assert is_of_mood(audio, (mood,)) is not None
    assert is_of_mood({}, tuple(MOODS)) is None
