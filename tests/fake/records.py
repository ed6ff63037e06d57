"""Upstream records as plain dicts: whole 2.3.0 events, and how they are cut and turned into 2.2.0.

The parts can be named by id alone: `event(7, type=2, agencies=[44], program=[17],
date=datetime(...), date_precision=1)`.
"""

from .many import make_events
from .older import as_220
from .one import as_mode, event
from .parts import Record, info_url, launch, stamp, update, vid_url

__all__ = [
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
