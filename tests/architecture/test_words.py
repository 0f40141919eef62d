"""The project speaks of itself alone, and its style rules hold where no linter looks."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_FOR_LATER = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError")
BANNED_FILES = {"selectors.py", "managers.py", "utils.py", "helpers.py", "tasks.py"}


def python_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def test_nothing_is_left_for_later() -> None:
    ours = Path(__file__).resolve()
    found = [str(path) for path in python_files() if path != ours and LEFT_FOR_LATER.search(path.read_text())]
    assert found == []


def test_no_junk_drawers() -> None:
    assert {path.name for path in python_files()} & BANNED_FILES == set()


def test_modules_say_what_they_are_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path.stat().st_size
        and "migrations" not in path.parts
        and not path.read_text().lstrip().startswith(('"""', "#!"))
    ]
    assert silent == []
