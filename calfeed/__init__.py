"""calfeed: spaceflight launches and events from Launch Library 2 as calendar feeds."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("calfeed")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0"
