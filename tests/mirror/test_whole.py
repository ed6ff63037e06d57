from datetime import timedelta
from tests.fake import FakeLaunchLibrary, make_events, stamp
from tests.support.mirror import NOW, Clock, filled, light, running


async def test_fill() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(make_events(1071, now=NOW), now=clock) as ll:
        async with running(ll, clock) as p:
            n = await p.next_round()
            print("first round", n, p.dataset.state.fill, len(p.dataset.records))
            took = await p.rounds_for(until=lambda: p.dataset.state.fill.done, hours=5)
            print("complete after", took, len(ll.calls), p.error)
            took = await p.rounds_for(until=lambda: p.dataset.state.fill.undated, hours=5)
            print("undated after", took, len(ll.calls), p.error, len(p.dataset.records))
            assert p.as_upstream()
            await p.rounds_for(hours=3)
            ll.calls.clear()
            await p.rounds_for(hours=24)
            print("calls in quiet day", len(ll.calls), p.most_calls_in_an_hour(), p.error)
            assert p.as_upstream()
