"""Upstream records as plain dicts: whole 2.3.0 events and launches.

The parts can be named by id alone: `event(7, type=2, agencies=[44], program=[17],
date=datetime(...), date_precision=1)`, `launch(uuid, "Electron | Owl", rocket=26, pad=210,
net=datetime(...), net_precision=2, status=8)`.
"""

from .launches.crew import crew_member, spacecraft_stage
from .launches.many import many_launches
from .launches.parts import booster, mission
from .launches.places import pad
from .launches.record import launch, rocket
from .many import make_events
from .older import as_220
from .one import as_mode, event
from .parts import Record, info_url, stamp, update, vid_url

__all__ = [
    "Record",
    "as_220",
    "as_mode",
    "booster",
    "crew_member",
    "event",
    "info_url",
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
