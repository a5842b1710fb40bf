"""The same databases as the recommender's tests, and a way to run the command."""

from tests.recommender.conftest import made_once, trained, untrained

__all__ = ["made_once", "trained", "untrained"]
