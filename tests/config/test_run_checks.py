"""The checks run in order, and the first failure stops them and is named."""

import sys

import pytest

from config import run_checks


@pytest.fixture
def steps(monkeypatch):
    """Three steps that leave with the given codes."""

    def set_codes(*codes: int) -> None:
        found = [(f"step {code}", [sys.executable, "-c", f"raise SystemExit({code})"], {}) for code in codes]
        monkeypatch.setattr(run_checks, "STEPS", found)

    return set_codes


def said(capsys) -> list[str]:
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith("==>")]


def test_first_failure_stops_the_checks_and_is_named(steps, capsys):
    steps(0, 7, 3)
    assert run_checks.main() == 7
    assert said(capsys) == ["==> step 0", "==> step 7", "==> FAILED: step 7"]


def test_checks_that_hold_end_well(steps, capsys):
    steps(0, 0)
    assert run_checks.main() == 0
    assert said(capsys) == ["==> step 0", "==> step 0", "==> everything holds"]


def test_step_sees_what_it_changes_and_no_production_of_the_caller(monkeypatch):
    program = "import os; raise SystemExit(os.environ.get('SECRET_KEY') != 'own' or 'DEBUG' in os.environ)"
    monkeypatch.setenv("SECRET_KEY", "of the caller")
    monkeypatch.setenv("DEBUG", "1")
    monkeypatch.setattr(run_checks, "STEPS", [("environment", [sys.executable, "-c", program], {"SECRET_KEY": "own"})])
    assert run_checks.main() == 0


def test_steps_cover_everything_that_must_hold():
    assert [name for name, _, _ in run_checks.STEPS] == [
        "ruff",
        "ruff format",
        "mypy",
        "import contracts",
        "djlint",
        "pending migrations",
        "check --deploy",
        "pytest",
    ]
