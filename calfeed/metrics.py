"""What is counted, for Prometheus."""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds a request takes."""


class Metrics:
    """The counters of one service, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.calls = self._counter(
            "calfeed_upstream_calls",
            "Calls to Launch Library by outcome; 'unasked' were not made for want of budget",
            "outcome",
        )
        self.budget_left = self._gauge("calfeed_upstream_calls_left", "Calls that may be made now")
        self.age = self._gauge(
            "calfeed_data_age_seconds",
            "Seconds since the data was last known to be current; NaN before",
            "collection",
        )
        self.records = self._gauge("calfeed_data_records", "Records kept", "collection")
        self.complete = self._gauge(
            "calfeed_data_complete_ratio", "How much of everything is kept, 0 to 1", "collection"
        )
        self.doubted = self._gauge(
            "calfeed_data_doubted_records",
            "Records upstream seems to have lost, too many at once to be believed yet",
            "collection",
        )
        self.store_trouble = self._gauge(
            "calfeed_store_trouble", "1 while the store cannot be read or written"
        )
        self.rendered = self._counter("calfeed_feeds_rendered", "Feeds rendered, by form", "form")
        self.answers = self._counter(
            "calfeed_feed_answers",
            "Feeds answered from data that was fresh (hit), stale, or waited for (miss)",
            "cache",
        )
        self.requests = Histogram(
            "calfeed_request_duration_seconds", "Time to answer a request", ["route", "status"],
            registry=self.registry, buckets=BUCKETS,
        )  # fmt: skip
        # To find the counter for some labels takes longer than to count.
        self._of_request = cache(lambda route, status: self.requests.labels(route, str(status)))
        self._of_answer = cache(self.answers.labels)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)

    def call(self, outcome: str) -> None:
        """Count one call to Launch Library."""
        self.calls.labels(outcome).inc()

    def request(self, route: str, status: int, seconds: float) -> None:
        """Measure one request."""
        self._of_request(route, status).observe(seconds)

    def answer(self, cache: str) -> None:
        """Count one answered feed."""
        self._of_answer(cache).inc()

    def text(self) -> bytes:
        """All of it in Prometheus' text form."""
        return generate_latest(self.registry)
