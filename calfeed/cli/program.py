"""A command from its arguments to its exit status."""

import sys

from typer.exceptions import TyperException

from calfeed.cli.commands import app
from calfeed.errors import CalfeedError, FeedFileError, QueryError, SettingsError
from calfeed.text import clean_line

USAGE = 2
FAILED = 1


def run(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    try:
        given = sys.argv[1:] if arguments is None else arguments
        status = app(given or ["--help"], prog_name="calfeed", standalone_mode=False)
    except TyperException as error:
        _leave(error.format_message(), error.exit_code)
    except (SettingsError, FeedFileError, QueryError) as error:
        _leave(str(error), USAGE)
    except (CalfeedError, OSError) as error:
        _leave(str(error), FAILED)
    sys.exit(status or 0)


def _leave(message: str, status: int) -> None:
    print(f"calfeed: {clean_line(message)}", file=sys.stderr)
    sys.exit(status)
