"""What Spotify's terms say about data that is collected from it, for those who collect.

Pure.
"""

VERSION = "2025-05-15"
"""The day from which the terms that NOTICE tells of hold."""

NOTICE = """\
Before you collect from Spotify

Segue can crawl your own playlists with your own app. Training on them may break the agreement that you accept when
you create that app. Spotify's Developer Terms (version 10) and Developer Policy, both in force since 15 May 2025, say
among other things:

  - Spotify's content, playlists and the details of songs included, is not to be used to train a machine-learning
    model (Terms IV.2, Policy III.14). No exception for private or small models is known.
  - It is not to be analysed to make new figures about listening or profiles of users (Policy III.13).
  - It is not to be gathered in databases beyond what an app needs to work, nor kept for good (Terms IV.3).
  - It is not to be fetched and indexed by robots or crawlers.
  - The data of a user who leaves an app are to be deleted within five days (Terms V).

This is a summary and no legal advice; read https://developer.spotify.com/terms and
https://developer.spotify.com/policy, and decide for yourself. Datasets that you may train on under their own licences
are the way that Segue is made for (`segue import`). What Spotify has not confirmed for 30 days (--keep-days) is dropped
by the next crawl, and `segue purge --source spotify` deletes all of it, the tokens too.
"""


def needs_notice(accepted: str | None) -> bool:
    """Tell whether the notice has to be shown; accepted: the VERSION that was agreed to, None for none."""
    return accepted != VERSION
