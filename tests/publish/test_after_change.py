"""After a change: feeds that it does not concern keep everything, the others are made anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.repository import Repository
from calfeed.mirror.result import Result
from calfeed.publish.fragments import Form
from calfeed.publish.publisher import FeedRequest, Publisher
from calfeed.publish.rendered import RenderedFeed
from calfeed.query.query import Query, View
from calfeed.record import Agency
from tests.support import calendars

NOW = datetime(2026, 12, 10, 12, tzinfo=UTC)
"""Later than the wording last changed."""
NASA, ESA = Agency(id=44, name="NASA"), Agency(id=27, name="ESA")
DAY = timedelta(days=1)


class Kept:
    """Stands for a repository: a dataset that changes while the clock goes on."""

    def __init__(self) -> None:
        self.now = self.changed_at = NOW
        self.dataset = Dataset(EVENTS)
        self.rendered: list[Form] = []
        self.publisher = Publisher(cast(Repository, self), self.rendered.append)
        self.change(1, agencies=(NASA,), date=NOW + DAY)
        self.change(2, agencies=(ESA,), date=NOW + 2 * DAY)

    def change(self, key: int, **facts: Any) -> None:
        """An hour later an event is another."""
        self.now += timedelta(hours=1)
        known = self.dataset.records.get(key) or Event(id=key, name="x", date_precision=0)
        self.dataset.apply({key: replace(known, **facts)})
        self.changed_at = self.now

    async def get(self, query: Query) -> Result:
        made = calendars.result(query, self.now)
        return replace(made, snapshots=(self.dataset.snapshot(),), changed_at=self.changed_at)

    async def publish(self, text: str, view: View = View.ALL, form: Form = "ics") -> RenderedFeed:
        request = FeedRequest(calendars.query(text, view))
        feed, _ = await self.publisher.publish(request, form)
        return feed


@pytest.mark.parametrize("form", ["ics", "json"])
async def test_a_feed_that_a_change_does_not_concern_is_not_made_anew(form: Form) -> None:
    kept = Kept()
    nasa, esa = [await kept.publish(f"agency__ids={n}", form=form) for n in (44, 27)]
    modified = esa.last_modified
    kept.change(1, name="Renamed")
    assert await kept.publish("agency__ids=27", form=form) is esa
    assert esa.last_modified == modified
    after = await kept.publish("agency__ids=44", form=form)
    assert after.etag != nasa.etag
    assert after.last_modified == kept.changed_at > nasa.last_modified
    assert kept.rendered == [form] * 3


async def test_time_goes_on_for_a_feed_that_changes_do_not_concern() -> None:
    kept = Kept()
    before = await kept.publish("agency__ids=27", View.PREVIOUS)
    kept.change(1, date=NOW + 3 * DAY)
    assert await kept.publish("agency__ids=27", View.PREVIOUS) is before
    kept.change(3, date=kept.now + timedelta(hours=2), agencies=(ESA,))
    assert await kept.publish("agency__ids=27", View.PREVIOUS) is before
    kept.now += timedelta(hours=3)
    after = await kept.publish("agency__ids=27", View.PREVIOUS)
    assert (before.events, after.events) == (0, 1)


async def test_what_is_made_anew_and_is_the_same_keeps_its_date() -> None:
    kept = Kept()
    forms: list[Form] = ["ics", "json"]
    for form in forms:
        before = await kept.publish("past=5d&limit=1", form=form)
        kept.change(2, name=f"Renamed for {form}")
        assert await kept.publish("past=5d&limit=1", form=form) is before
        kept.now += DAY
        assert await kept.publish("past=5d&limit=1", form=form) is before
    assert len(kept.rendered) == 6


async def test_the_date_never_moves_back() -> None:
    kept = Kept()
    before = await kept.publish("")
    kept.change(1, name="Renamed")
    kept.changed_at = NOW - DAY  # as a process told it whose clock is behind
    after = await kept.publish("")
    assert after.etag != before.etag
    assert after.last_modified == before.last_modified


async def test_the_sample_is_never_taken_for_data_of_the_same_version() -> None:
    nothing = cast(Any, None)
    sample = Repository(nothing, nothing, clock=lambda: NOW, fresh_for=DAY, sample="always")
    result = await sample.get(calendars.query())
    dataset = Dataset(EVENTS)
    dataset.apply({record.id: record for record in result.snapshots[0].records})
    assert dataset.snapshot().version != result.snapshots[0].version
    assert dataset.snapshot().changes_since(result.snapshots[0].version) is None
