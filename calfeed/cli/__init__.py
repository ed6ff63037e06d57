"""The commands. Errors are one plain line on stderr: exit status 1, or 2 for wrong usage."""

import gc
import sys


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    gc.disable()  # importing makes no garbage, and looking for it takes a tenth of the start
    try:
        from calfeed.cli.program import run  # which imports all else

        run(arguments)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.enable()
