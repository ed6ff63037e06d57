"""A fake Launch Library for the tests: a real server on 127.0.0.1, knowing nothing of calfeed.

    async with FakeLaunchLibrary(make_events(300, now=NOW), now=lambda: NOW) as ll:
        ...  # ask ll.url (2.3.0) or ll.url_220; then look at ll.calls

`records` builds upstream events, `filters` says what the API's parameters mean, `faults` what
can go wrong. By hand: `python -m tests.fake --port 9000`.
"""

from .faults import SHAPES, Call, Fault
from .records import (
    Record,
    as_220,
    as_mode,
    event,
    info_url,
    launch,
    make_events,
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
    "event",
    "info_url",
    "launch",
    "make_events",
    "stamp",
    "update",
    "vid_url",
]
