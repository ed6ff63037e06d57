"""Write the golden feeds anew: `python -m tests.golden`."""

from tests.golden import GOLDEN, path
from tests.golden.recipe import PLACE

for stale in set(PLACE.glob("*.ics")) - {path(name) for name in GOLDEN}:
    stale.unlink()
for name, golden in GOLDEN.items():
    path(name).write_bytes(golden.render())
