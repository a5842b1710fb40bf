"""Where the services are."""

import pytest

from crawler.errors import BadAddress
from crawler.places import Places, places


def test_without_a_word_they_are_the_real_ones() -> None:
    assert places({}) == Places()
    assert places({"SEGUE_SPOTIFY_API": ""}).api == "https://api.spotify.com/v1"


def test_the_environment_names_others() -> None:
    assert places({"SEGUE_SPOTIFY_API": "http://127.0.0.1:9/v1/"}).api == "http://127.0.0.1:9/v1"


@pytest.mark.parametrize(
    "url",
    ["nonsense", "ftp://host/v1", "http://elsewhere.example/v1", "https://u:p@host/v1", "https://host/v1?x=1",
     "https://host/v1#y", "http://127.0.0.1:99999/v1", "http://127.0.0.1:0/v1", "https:///v1"],
)  # fmt: skip
def test_what_is_no_safe_base_url_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(BadAddress, match="SEGUE_SPOTIFY_API") as refused:
        places({"SEGUE_SPOTIFY_API": url})
    assert "u:p" not in str(refused.value)
