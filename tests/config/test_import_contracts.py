"""The import contracts see every package, and each of them goes red when it is broken."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# What stands beside the house, not in it.
OUTSIDE = {"tests", "bench"}
# A file of a copy of the tree → the line that breaks a contract.
BREACHES = {
    "core/paging.py": "from mentorship import models as upward",
    "roadmap/models.py": "from roadmap import views as upward",
    "orders/unlisted.py": "word = 1",
    "core/unlisted.py": "word = 1",
    "site_section/views.py": "from mentorship import services as inside",
    "monitoring/figures.py": "from mentorship import models as inside",
    "core/russian/names.py": "import django",
}
BROKEN = [
    "The house: every app imports only those below it",
    "Inside every app files import only those below them",
    "Inside the ground floor files import only those below them",
    "The public section sees other apps only through their public.py",
    "Monitoring never sees models or views of mentoring",
    "Subtle logic knows neither Django nor the database",
]


def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def test_contracts_cover_every_package():
    packages = {place.parent.name for place in ROOT.glob("[a-z]*/__init__.py")} - OUTSIDE
    assert set(contracts()["importlinter"]["root_packages"].split()) == packages


def test_every_broken_contract_is_noticed(tmp_path):
    only_code = shutil.ignore_patterns("__pycache__", "data", "fonts")
    for package in contracts()["importlinter"]["root_packages"].split():
        shutil.copytree(ROOT / package, tmp_path / package, ignore=only_code)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    for name, line in BREACHES.items():
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    answer = subprocess.run(command, cwd=tmp_path, env={"COLUMNS": "200"}, capture_output=True, text=True)

    assert answer.returncode == 1
    assert re.findall(r"^(.+) BROKEN\b", answer.stdout, re.MULTILINE) == BROKEN
