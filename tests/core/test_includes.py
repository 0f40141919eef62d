"""What every page is made of: the bases without context, the ready-made pieces, the vendored files."""

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


class Elements(HTMLParser):
    """All elements of a piece of HTML: a list of (tag, attributes)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        return [value for _, attrs in self.found if (value := attrs.get(name)) is not None]


class Sample(forms.Form):
    name = forms.CharField(label="Имя", help_text="Как в паспорте.")
    way = forms.ChoiceField(label="Как прошла", widget=forms.RadioSelect, choices=[("1", "В школе"), ("2", "По видео")])
    place = forms.CharField(label="Место", required=False)

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("Дата начала раньше даты приказа.")


def drawn(name: str, context: dict[str, Any] | None = None, address: str = "/") -> str:
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return render_to_string(name, context or {}, request)


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_page_needs_no_context(name: str) -> None:
    assert render_to_string(name).count("<h1>") == 1


def test_refusal_shows_the_reason_it_was_given() -> None:
    assert "Приказы утверждает директор." in drawn("403.html", {"reason": "Приказы утверждает директор."})
    assert "Приказы утверждает директор." not in drawn("403.html")


@pytest.mark.parametrize("base", ["base_cabinet.html", "base_public.html", "base_plain.html"])
def test_base_draws_without_a_signed_in_person(base: str) -> None:
    html = drawn(base, {"frame": None})
    assert Elements(html).values("id").count("main") == 1
    assert "<title>Портал — Наставничество</title>" in html


def test_title_warns_about_errors_only_when_there_are_any() -> None:
    assert "<title>Ошибка: Портал — Наставничество</title>" in drawn("base_plain.html", {"form": Sample({})})
    assert "<title>Портал — Наставничество</title>" in drawn("base_plain.html", {"form": Sample()})


def test_form_lists_errors_with_links_to_the_fields() -> None:
    elements = Elements(drawn("includes/form.html", {"form": Sample({})}))
    links = [attrs["href"] for tag, attrs in elements.found if tag == "a"]
    assert links == ["#id_name", "#id_way_0"]
    assert [elements.values("id").count(str(link)[1:]) for link in links] == [1, 1]


def test_form_names_the_general_error_once() -> None:
    html = drawn("includes/form.html", {"form": Sample({"name": "Ольга", "way": "1"})})
    assert html.count("Дата начала раньше даты приказа.") == 1


def test_form_ties_the_error_and_the_hint_to_the_field() -> None:
    elements = Elements(drawn("includes/form.html", {"form": Sample({})}))
    field = next(attrs for _, attrs in elements.found if attrs.get("id") == "id_name")
    assert field["aria-describedby"] == "id_name_helptext id_name_error"
    assert {"id_name_helptext", "id_name_error"} <= set(elements.values("id"))


def test_form_without_errors_has_no_list_of_them() -> None:
    assert "errors" not in Elements(drawn("includes/form.html", {"form": Sample()})).values("id")


def test_pagination_keeps_the_filters() -> None:
    page = Paginator(range(30), 10).page(2)
    links = Elements(drawn("includes/pagination.html", {"page_obj": page}, "/?q=%D0%B0&page=2")).values("href")
    assert links == [f"?q=%D0%B0&page={number}" for number in (1, 1, 2, 3, 3)]


def test_impossible_step_stays_and_says_why() -> None:
    buttons = [
        SimpleNamespace(label="Начать", url="/go/", obstacles=["Нет согласия.", "Нет приказа."], post=True),
        SimpleNamespace(label="Закрыть", url="/close/", obstacles=[], post=True),
        SimpleNamespace(label="Сменить", url="/change/", obstacles=[], post=False),
    ]
    html = drawn("includes/step_buttons.html", {"buttons": buttons})
    elements = Elements(html)
    blocked = next(attrs for _, attrs in elements.found if attrs.get("aria-disabled") == "true")
    assert elements.values("id") == [blocked["aria-describedby"]]
    assert re.findall(r"<li>(Нет [^<]+)</li>", html) == ["Нет согласия.", "Нет приказа."]
    assert elements.values("action") == ["/close/"]
    assert elements.values("href") == ["/change/"]


def test_text_of_people_is_escaped_in_pieces() -> None:
    evil = "<script>1</script>"
    entry = SimpleNamespace(title=evil, url="/", detail=evil, chip=evil, chip_kind="no", action=evil, late=False)
    html = drawn("includes/queue.html", {"entries": [entry], "title": evil})
    assert html.count("&lt;script&gt;") == 6
    assert "<script>" not in html


def icon(name: str) -> str:
    return Template("{% include 'includes/icon.html' with name=name %}").render(Context({"name": name}))


def test_every_icon_that_templates_name_is_drawn() -> None:
    named = {one for path in TEMPLATES for one in re.findall(r'icon\.html" with name="([\w-]+)"', path.read_text())}
    assert [name for name in sorted(named) if not re.search(r"<(path|circle|rect)", icon(name))] == []
    assert not re.search(r"<(path|circle|rect)", icon("нет такого"))


def test_every_static_file_that_templates_name_exists() -> None:
    pattern = re.compile(r"""{% (?:static ['"]|get_static_prefix %})([\w./-]+)""")
    named = {one for path in TEMPLATES for one in pattern.findall(path.read_text())}
    assert [one for one in sorted(named) if not one.startswith("admin/") and not (ROOT / "static" / one).exists()] == []


def test_check_of_answers_names_what_each_link_changes() -> None:
    rows = [SimpleNamespace(label="Срок", value="", url="/term/"), SimpleNamespace(label="Часы", value=0, url="")]
    html = drawn("includes/check_answers.html", {"rows": rows})
    assert Elements(html).values("href") == ["/term/"]
    assert re.findall(r"<dd>([^<]+)</dd>", html) == ["—", "0"]
    assert re.findall(r'visually-hidden">([^<]+)<', html) == [": Срок"]


def test_file_link_tells_format_and_size() -> None:
    html = drawn("includes/file_link.html", {"url": "/f/", "name": "Согласие", "format": "PDF", "size": 2048})
    assert re.findall(r'muted">([^<]+)<', html) == ["PDF, 2,0\xa0КБ"]


def test_vendored_files_are_as_they_were_fetched() -> None:
    lines = (ROOT / "static/vendor/SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    assert {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in sums} == sums
