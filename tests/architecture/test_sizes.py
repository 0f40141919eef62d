"""Files, functions and templates stay small enough to read in one sitting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "core", "accounts", "surveys", "orders", "mentorship", "roadmap", "site_section", "monitoring")
FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 50, 150


def sources() -> Iterator[Path]:
    for folder in (*APPS, "tests", "bench"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def long_functions(code: str) -> list[str]:
    """Names of functions longer than the limit, counted from `def` to the last line."""
    functions = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef))
    return [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES]


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_files_are_short() -> None:
    assert {str(path.relative_to(ROOT)): lines_of(path) for path in sources() if lines_of(path) > FILE_LINES} == {}


def test_functions_are_short() -> None:
    found = {str(path.relative_to(ROOT)): long_functions(path.read_text()) for path in sources()}
    assert {path: names for path, names in found.items() if names} == {}


def test_templates_are_short() -> None:
    templates = (ROOT / "templates").rglob("*.html")
    assert {str(path): lines_of(path) for path in templates if lines_of(path) > TEMPLATE_LINES} == {}


def test_a_long_function_is_noticed() -> None:
    body = "\n".join(f"    x{number} = {number}" for number in range(FUNCTION_LINES))
    assert long_functions(f"def long():\n{body}\n") == ["long"]
    assert long_functions("def short():\n    return 1\n") == []
