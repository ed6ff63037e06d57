"""What a service asks of its interpreter and its machine, so that its event loop is not held up."""

import ctypes
import gc
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

COLLECT_AFTER = (2_000, 10, 50)
"""The thresholds of garbage collection. Nearly everything here is cached, or freed without it, and
a look through all of it holds up every request for 30 ms."""
SWITCH_INTERVAL = 0.001
"""Seconds for which a thread may keep the event loop waiting, each time that wants to go on."""
WORKERS = 2
"""How many threads compress and hash large feeds: more would only be slower each."""
NICENESS = 10
"""How far they stand back behind the event loop where there are not processors enough."""
LARGE_BUFFER = 1_000_000
"""Bytes from which on a buffer goes back to the system when it is freed. Otherwise glibc keeps
holes of up to 32 MB, and feeds of 12 MB that come and go make the process grow by half."""
M_MMAP_THRESHOLD = -3
"""See mallopt(3)."""
MOST_OPEN_FILES = 65_536


def prepare() -> None:
    """Set up the process, before anything is loaded."""
    gc.set_threshold(*COLLECT_AFTER)
    sys.setswitchinterval(SWITCH_INTERVAL)
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # another C library than glibc
            ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BUFFER)
    _allow_many_connections()


def workers() -> ThreadPoolExecutor:
    """The threads for what takes long."""
    return ThreadPoolExecutor(WORKERS, "worker", _stand_back)


def _stand_back() -> None:
    """Have the thread that calls this give way to others (on Linux, where single threads can)."""
    if sys.platform == "linux":
        with suppress(OSError):  # not allowed here: it works without
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _allow_many_connections() -> None:
    """Raise the limit of open files, which is often 1,024, as far as this process may."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
