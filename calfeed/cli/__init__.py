"""The commands. Errors are one plain line on stderr: exit status 1, or 2 for wrong usage."""

import sys

from typer.exceptions import TyperException

from calfeed.cli.commands import app
from calfeed.errors import CalfeedError, FeedFileError, QueryError, SettingsError

USAGE = 2
FAILED = 1


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    try:
        status = app(arguments, prog_name="calfeed", standalone_mode=False)
    except TyperException as error:
        _leave(error.format_message().replace("\n", " "), error.exit_code)
    except (SettingsError, FeedFileError, QueryError) as error:
        _leave(str(error), USAGE)
    except (CalfeedError, OSError) as error:
        _leave(str(error), FAILED)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(status or 0)


def _leave(message: str, status: int) -> None:
    print(f"calfeed: {message}", file=sys.stderr)
    sys.exit(status)
