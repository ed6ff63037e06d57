"""A command from its arguments to its exit status."""

import os
import sys

from typer.exceptions import TyperException

from calfeed.cli.commands import app
from calfeed.errors import CalfeedError, FeedFileError, QueryError, SettingsError
from calfeed.text import clean_line

FAILED = 1
USAGE = 2
INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        status = app(given or ["--help"], prog_name="calfeed", standalone_mode=False)
        sys.stdout.flush()  # so that a closed pipe is met here
    except TyperException as error:
        _leave(error.format_message(), error.exit_code)
    except (SettingsError, FeedFileError, QueryError) as error:
        _leave(str(error), USAGE)
    except (BrokenPipeError, SystemExit) as error:
        if not _pipe_was_closed(error):
            raise
        _discard_output()
        sys.exit()
    except (CalfeedError, OSError) as error:
        _leave(str(error), FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    sys.exit(status or 0)


def _leave(message: str, status: int) -> None:
    print(f"calfeed: {clean_line(message)}", file=sys.stderr)
    sys.exit(status)


def _pipe_was_closed(error: BaseException) -> bool:
    """Whether somebody who read our output has had enough of it, as ``head`` has, which is no
    error. For typer and rich it is one: they leave with status 1 where they meet it."""
    return isinstance(error, BrokenPipeError) or isinstance(error.__context__, BrokenPipeError)


def _discard_output() -> None:
    """Python flushes what is left while it ends, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
