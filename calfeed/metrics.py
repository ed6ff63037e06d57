"""What is counted, for Prometheus."""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """The counters of one service, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.calls = Counter(
            "calfeed_upstream_calls",
            "Calls to Launch Library by outcome; 'unasked' were not made for want of budget",
            ["outcome"],
            registry=self.registry,
        )
        self.budget_left = Gauge(
            "calfeed_upstream_calls_left", "Calls that may be made now", registry=self.registry
        )
        self.age = self._of_collection(
            "calfeed_data_age_seconds",
            "Seconds since the data was last known to be current; NaN before",
        )
        self.records = self._of_collection("calfeed_data_records", "Records kept")
        self.complete = self._of_collection(
            "calfeed_data_complete_ratio", "How much of everything is kept, 0 to 1"
        )
        self.doubted = self._of_collection(
            "calfeed_data_doubted_records",
            "Records upstream seems to have lost, too many at once to be believed yet",
        )
        self.store_trouble = Gauge(
            "calfeed_store_trouble", "1 while the store cannot be read or written",
            registry=self.registry,
        )  # fmt: skip
        self.rendered = Counter(
            "calfeed_feeds_rendered", "Feeds put together anew, by form", ["form"],
            registry=self.registry,
        )  # fmt: skip
        self.answers = Counter(
            "calfeed_feed_answers",
            "Feeds answered from data that was fresh (hit), stale, or waited for (miss)",
            ["cache"],
            registry=self.registry,
        )
        self.requests = Histogram(
            "calfeed_request_duration_seconds", "Time to answer a request", ["route", "status"],
            registry=self.registry,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )  # fmt: skip
        # To find the counter for some labels takes longer than to count.
        self._of_request = cache(lambda route, status: self.requests.labels(route, str(status)))
        self._of_answer = cache(self.answers.labels)

    def _of_collection(self, name: str, meaning: str) -> Gauge:
        return Gauge(name, meaning, ["collection"], registry=self.registry)

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
