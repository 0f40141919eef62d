"""The generated pages of the documentation say what the code says."""

import pytest
from django.conf import settings

from accounts.documentation import PAGES, permissions_page
from accounts.permissions import GRANTS, Grant, Reach


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_fresh(name):
    written = (settings.BASE_DIR / "docs" / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "Запустите manage.py write_docs"


def test_generated_page_follows_a_new_row_of_the_table(monkeypatch):
    before = permissions_page()
    monkeypatch.setitem(GRANTS, "accounts.thing.do", Grant("Проба", {"director": Reach.OWN}))
    added = set(permissions_page().split("\n")) - set(before.split("\n"))
    assert added == {"| Проба<br>`accounts.thing.do` | own |" + "  |" * 13}
