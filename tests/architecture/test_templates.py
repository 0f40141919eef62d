"""Every template is used by somebody, and none of them carries inline style, script or unescaped text."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
# Found by their names by Django and the packages, not by our own code.
BY_NAME = re.compile(r"^(admin|bootstrap5|crispy|registration|import_export)/|^(400|403|404|500)\.html$")
# Named by the code of an order kind: orders/kinds/<code>.txt and orders/appendices/<code>.html.
BY_CODE = re.compile(r"^orders/(kinds|appendices)/[a-z_]+\.(txt|html)$|^mentorship/documents/consent_[a-z]+\.html$")
INLINE = re.compile(r"\sstyle=\"|<script>|<style|\son[a-z]+=\"|\|safe\b|mark_safe|autoescape off")


def all_names() -> set[str]:
    return {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt")}


def text_of_everything() -> str:
    code = [path for app in ROOT.iterdir() if (app / "__init__.py").exists() for path in app.rglob("*.py")]
    pages = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    return "\n".join(path.read_text() for path in (*code, *pages))


def test_every_template_is_used() -> None:
    text = text_of_everything()
    named = {name for name in all_names() if not BY_NAME.match(name) and not BY_CODE.match(name)}
    assert {name for name in named if f'"{name}"' not in text and f"'{name}'" not in text} == set()


def inline(text: str) -> list[str]:
    return INLINE.findall(text)


def test_pages_have_no_inline_style_or_script() -> None:
    """The papers of core/documents are no pages: their skeleton carries the style sheet of the print engine."""
    pages = {name for name in all_names() if name.endswith(".html") and not name.startswith("core/documents/")}
    assert {
        name: inline((TEMPLATES / name).read_text()) for name in pages if inline((TEMPLATES / name).read_text())
    } == {}


def test_inline_style_is_noticed() -> None:
    bad = ('<p style="color:red">', "<script>alert(1)</script>", "{{ text|safe }}")
    assert [text for text in bad if not inline(text)] == []
    assert not inline('<p class="lead">{{ text }}</p>')


def test_python_never_marks_text_as_safe() -> None:
    banned = re.compile(r"mark_safe|SafeString\(")
    code = [
        path
        for app in ROOT.iterdir()
        if (app / "__init__.py").exists() and app.name != "tests"
        for path in app.rglob("*.py")
    ]
    assert [str(path) for path in code if banned.search(path.read_text())] == []
