"""What is counted while a server runs, for Prometheus.

Several processes count into files of one folder, which `PROMETHEUS_MULTIPROC_DIR` names before this file is loaded, so
that whichever of them is asked tells of all.
"""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.08, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""The upper ends of the histogram; 25, 80 and 150 ms are what an answer and the first page are held to."""


class Figures:
    """The counters of one application."""

    def __init__(self) -> None:
        own = self._own = CollectorRegistry()
        self.requests = Counter("segue_requests", "Requests answered.", ["room", "method", "status"], registry=own)
        self.seconds = Histogram(
            "segue_request_seconds", "From a request's arrival to its answer.", ["room"], buckets=_SECONDS, registry=own
        )
        self.refused = Counter(
            "segue_requests_refused", "Turned away: the queue was full, or it took too long.", ["why"], registry=own
        )
        self.waiting = Gauge(
            "segue_requests_waiting", "Requests in the queue.", multiprocess_mode="livesum", registry=own
        )
        self.working = Gauge(
            "segue_requests_working", "Requests being answered.", multiprocess_mode="livesum", registry=own
        )
        self.answers = Counter("segue_answers", "Lists made, by the model that answered.", ["model"], registry=own)
        self.kept = Counter(
            "segue_answers_kept", "Whether a list was there from before: hit or miss.", ["result"], registry=own
        )

    def shown(self, facts: Collector) -> bytes:
        """Write all of them, of all processes, and the facts, in Prometheus' text form."""
        counted = CollectorRegistry() if FOLDER in os.environ else self._own
        if counted is not self._own:
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        known = CollectorRegistry()
        known.register(facts)
        return generate_latest(counted) + generate_latest(known)
