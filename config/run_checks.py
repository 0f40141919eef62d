"""Everything that must hold, step by step; the first failure stops and is named. Called by `make test`."""

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = str(BIN / "python")
# What a production copy is checked with; nothing connects to this database.
PRODUCTION = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgresql://portal@localhost/portal",
    "EMAIL_URL": "smtps://portal:password@mail.example",
}
# Name of the step → its command and what it changes in the environment.
STEPS: list[tuple[str, list[str], dict[str, str]]] = [
    ("ruff", [str(BIN / "ruff"), "check", "."], {}),
    ("ruff format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."], {}),
    ("mypy", [str(BIN / "mypy"), "."], {}),
    ("import contracts", [str(BIN / "lint-imports")], {}),
    ("djlint", [str(BIN / "djlint"), "templates", "--lint", "--quiet"], {}),
    ("pending migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("check --deploy", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ("pytest", [str(BIN / "pytest"), "-n", os.environ.get("TEST_PROCESSES", "2"), "--dist", "worksteal"], {}),
]


def main() -> int:
    """Run the steps in order; the code of the first that fails is ours."""
    # DATABASE_URL stays: whoever names a server is tested on it.
    unset = {*PRODUCTION, "DEBUG", "VAR_ROOT"} - {"DATABASE_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    for name, command, changes in STEPS:
        _say(f"==> {name}")
        started = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, env={**inherited, **changes}, check=False).returncode  # noqa: S603
        if code:
            _say(f"==> FAILED: {name}")
            return code if code > 0 else 1
        _say(f"    {time.monotonic() - started:.0f} s")
    _say("==> everything holds")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
