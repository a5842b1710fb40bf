"""What is known of the models and the database at the moment when /metrics is asked."""

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from db.errors import DatabaseError
from db.read import count_rows
from recommender import artifacts
from recommender.artifacts import Manifest
from recommender.drift import Drift, drift
from recommender.errors import RecommenderError
from web.station import Station


class Facts(Collector):
    """The facts of one station at one moment."""

    def __init__(self, station: Station, now: float) -> None:
        self._station = station
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Give each fact; what cannot be read is left out, and /readyz says why."""
        models = [manifest for name in self._station.model_names() if (manifest := self._manifest(name))]
        yield from _of_models(models, self._now)
        try:
            with self._station.reading() as connection:
                rows, drifts = count_rows(connection), drift(connection, self._station.models, self._now)
        except DatabaseError:
            rows, drifts = {}, []
        yield from _of_drift(drifts)
        counted = GaugeMetricFamily("segue_database_rows", "What the database holds.", labels=["of"])
        for name, number in rows.items():
            counted.add_metric([name], number)
        yield counted
        yield GaugeMetricFamily("segue_database_up", "Whether the database can be read.", value=bool(rows))

    def _manifest(self, name: str) -> Manifest | None:
        try:
            return artifacts.read_manifest(self._station.models, name)
        except RecommenderError:
            return None


def _of_models(models: list[Manifest], now: float) -> Iterator[Metric]:
    age = GaugeMetricFamily("segue_model_age_seconds", "Since a model was trained.", labels=["model"], unit="seconds")
    worth = GaugeMetricFamily("segue_model_worth", "NDCG at training, on held-out playlists.", labels=["model"])
    learned = GaugeMetricFamily("segue_model_playlists", "The playlists that a model learned from.", labels=["model"])
    for one in models:
        age.add_metric([one.name], max(now - one.trained_at, 0))
        learned.add_metric([one.name], one.playlists)
        if "ndcg_500" in one.worth:
            worth.add_metric([one.name], one.worth["ndcg_500"])
    yield from (age, worth, learned)


def _of_drift(drifts: list[Drift]) -> Iterator[Metric]:
    unseen = GaugeMetricFamily(
        "segue_model_unseen_playlists_ratio", "Playlists that came or changed since a model learned.", labels=["model"]
    )
    unknown = GaugeMetricFamily(
        "segue_model_unknown_entries_ratio",
        "Entries whose song a model does not know.",
        labels=["model"],
    )
    for one in drifts:
        unseen.add_metric([one.model], one.unseen_playlists)
        unknown.add_metric([one.model], one.unknown_entries)
    yield from (unseen, unknown)
