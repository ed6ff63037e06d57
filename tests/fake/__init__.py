"""A fake Launch Library for the tests: a real server on 127.0.0.1, knowing nothing of calfeed.

    events, launches = make_events(300, now=NOW), [launch(UUID, net=NOW)]
    async with FakeLaunchLibrary(events, launches, now=lambda: NOW) as ll:
        ...  # ask ll.url (2.3.0) or ll.url_220; then look at ll.calls

`records` builds upstream events and launches, `filters` and `launches.filters` say what the API's
parameters mean, `ordering` how rows that tie get lost between pages, `faults` what can go wrong.
By hand: `python -m tests.fake --port 9000`.
"""

from .calls import Call
from .faults import SHAPES, Fault, larger_than
from .records import (
    Record,
    as_220,
    as_mode,
    booster,
    crew_member,
    event,
    info_url,
    launch,
    make_events,
    many_launches,
    mission,
    pad,
    rocket,
    spacecraft_stage,
    stamp,
    update,
    vid_url,
)
from .server import FakeLaunchLibrary

__all__ = [
    "SHAPES",
    "Call",
    "FakeLaunchLibrary",
    "Fault",
    "Record",
    "as_220",
    "as_mode",
    "booster",
    "crew_member",
    "event",
    "info_url",
    "larger_than",
    "launch",
    "make_events",
    "many_launches",
    "mission",
    "pad",
    "rocket",
    "spacecraft_stage",
    "stamp",
    "update",
    "vid_url",
]
