#!/usr/bin/env python
"""Django's command line; where no database is configured, the embedded PostgreSQL runs as long as a command does."""

import os
import signal
import sys
from types import FrameType

try:
    from django.core.management import execute_from_command_line

    from config import embedded_postgres, environment
    from config.postgres_binaries import PostgresUnavailableError
except ImportError as error:
    sys.exit(f"{error}\nЗапускайте .venv/bin/python manage.py; папку .venv создаёт «make run».")

# These ask the database nothing, so they do not wait for one.
WITHOUT_DATABASE = {
    "help",
    "version",
    "--version",
    "diffsettings",
    "makemessages",
    "compilemessages",
    "findstatic",
    "collectstatic",
    "startapp",
    "startproject",
}


def main(arguments: list[str]) -> None:
    """Run one command; the database is left as it was found, also after SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    signal.signal(signal.SIGTERM, _leave)
    command = arguments[1] if len(arguments) > 1 else "help"
    if command in WITHOUT_DATABASE or {"--help", "-h"} & set(arguments):
        execute_from_command_line(arguments)
        return
    try:
        with embedded_postgres.running():
            execute_from_command_line(arguments)
    except PostgresUnavailableError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(environment.EXIT_MISCONFIGURED)


def _leave(signum: int, _frame: FrameType | None) -> None:
    """Turn a polite request to stop into an ordinary exit, so that the database can be left as it was found."""
    sys.exit(128 + signum)


if __name__ == "__main__":
    main(sys.argv)
