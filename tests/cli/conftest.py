"""The same databases as the recommender's tests, and a way to run the command."""

from tests.recommender.conftest import furnished, furnished_once, made_once, trained, untrained

__all__ = ["furnished", "furnished_once", "made_once", "trained", "untrained"]
