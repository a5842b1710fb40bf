"""What people are told before they collect."""

from crawler.terms import NOTICE, VERSION, needs_notice


def test_the_notice_is_shown_until_this_version_of_it_is_agreed_to() -> None:
    assert needs_notice(None)
    assert needs_notice("2020-01-01")
    assert not needs_notice(VERSION)


def test_the_notice_says_what_may_break_the_agreement_and_where_to_read_it() -> None:
    flat = " ".join(NOTICE.split())
    assert "Segue can crawl your own playlists with your own app" in flat
    assert "may break the agreement" in flat
    for fact in ("III.13", "III.14", "IV.2", "IV.3", "five days", "developer.spotify.com/terms", "/policy"):
        assert fact in flat
    assert "`segue purge --source spotify`" in flat
    assert max(map(len, NOTICE.splitlines())) <= 120
