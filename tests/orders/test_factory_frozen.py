"""Whatever happens to people, heads, letterheads and templates, an approved order of any kind stays as it is."""

from __future__ import annotations

import copy
import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.template import engines
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import ActingHead, DeclensionOverride, Organisation, User
from core.documents.blocks import plain_text
from core.documents.pictures import code_png
from mentorship.models import DictionaryEntry, Participant, Post
from orders.documents import order_blocks, order_setup
from orders.kinds import KINDS
from orders.models import Clause, LegalAct, Letterhead, LocalAct, Order, OrderFile, OrderState, Protocol, Series
from orders.services.drafting import clause_lines, is_outdated
from orders.services.files import MAKERS, draft_pdf
from orders.services.verification import verified
from roadmap.models import Item, Roadmap
from tests.orders.examples import example_approved, example_draft

CODES = sorted(KINDS)
FORMATS = tuple(MAKERS)
SCHOOL = "school17"
NEW = "Новая редакция"
ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
Seen = dict[str, Any]
# Without the mark no database of the tests would be made, and the telling would go into the one of the portal.
pytestmark = pytest.mark.django_db


class Told:
    """The demo school with an approved order and a draft of every kind, looked at before and after everything."""

    def __init__(self, folder: Path) -> None:
        call_command("demo", verbosity=0)
        self.school = Organisation.objects.get(slug=SCHOOL)
        self.curator, self.head = (User.objects.get(username=name) for name in ("curator", "director"))
        self.client = Client()
        self.client.force_login(self.head)
        series = Series.objects.filter(organisation=self.school).earliest("pk")
        self.drafts = {code: example_draft(self.school, series, code, self.curator) for code in CODES}
        made = [example_draft(self.school, series, code, self.curator) for code in CODES]
        for number, order in enumerate(made, 1):
            example_approved(order, self.head, f"{number}-пример")
        self.before, self.drafts_before = self.look(), self.look_at_drafts()
        rename_everybody(self.school)
        self.redrawn = {pk: redrawn(pk) for pk in self.before}
        change_the_paper(self.school)
        with upgraded_templates(folder):
            self.after, self.drafts_after = self.look(), self.look_at_drafts()
            self.live_drafts = [is_outdated(order) for order in Order.objects.filter(state=OrderState.DRAFT)]

    def look(self) -> dict[int, Seen]:
        """Everything there is to see of each approved order of the school, by its key."""
        register = self.client.get("/cabinet/orders/", {"print": 1, "year": ""}).content.decode()
        orders = Order.objects.approved().filter(organisation=self.school).order_by("pk")
        return {order.pk: self.look_at(order, register) for order in orders}

    def look_at(self, order: Order, register: str) -> Seen:
        files = {form: b"".join(self.client.get(f"/cabinet/orders/{order.pk}/file/{form}/")) for form in FORMATS}
        page = self.client.get(f"/cabinet/orders/{order.pk}/").content.decode()
        checked: Any = verified(order.token)
        return {
            "kind": order.kind,
            "files": files,
            "stored": list(OrderFile.objects.filter(order=order).order_by("pk").values()),
            "row": Order.objects.filter(pk=order.pk).values().get(),
            "clauses": list(Clause.objects.filter(order=order).order_by("pk").values()),
            "on the page": [clause.text for clause in order.clauses.standing() if folded(clause.text) in folded(page)],
            "verification": checked,
            "register": [
                row
                for row in re.findall(r"<tr>.*?</tr>", register, re.DOTALL)
                if f'/cabinet/orders/{order.pk}/"' in row
            ],
        }

    def look_at_drafts(self) -> dict[str, tuple[list[str], bytes]]:
        """The clauses that the templates make now and the paper of each draft."""
        return {
            code: ([line.text for line in clause_lines(code, order.facts)], draft_pdf(Order.objects.get(pk=order.pk)))
            for code, order in self.drafts.items()
        }


def folded(text: str) -> str:
    """A text as it is told from its page: without tags, entities and gaps."""
    plain = re.sub(r"<[^>]*>", "", text).replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&")
    return re.sub(r"[\s\u00a0\u200b]+", "", plain)


def redrawn(pk: int) -> dict[str, Any]:
    """What would be made today of what is frozen: other bytes would mean that the paper asks the living rows."""
    order = Order.objects.get(pk=pk)
    return {form: MAKERS[form](order_blocks(order), order_setup(order)) for form in FORMATS}


def rename_everybody(school: Organisation) -> None:
    """Another head, an acting one for all days, other names, posts, words, papers of everything there is."""
    Participant.objects.update(surname="Переименованная", given_name="Анна", patronymic="Ивановна", forms={})
    User.objects.update(full_name=Concat(Value("Иначе "), F("full_name")))
    Post.objects.update(title="директор музея")
    DictionaryEntry.objects.update(title=Concat(Value("иначе "), F("title")))
    Organisation.objects.filter(pk=school.pk).update(head_name="Новиков Пётр Петрович", head_post="Заведующий")
    since, until = timezone.localdate() - dt.timedelta(days=3650), timezone.localdate() + dt.timedelta(days=365)
    ActingHead.objects.filter(organisation=school).delete()
    ActingHead.objects.create(organisation=school, full_name="Исаева Инна Ильинична", starts_on=since, ends_on=until)
    Protocol.objects.update(number=Concat(F("number"), Value("-новый")))
    LegalAct.objects.update(citation=Concat(Value("иначе "), F("citation")))
    LocalAct.objects.filter(state=LocalAct.State.DRAFT).update(title=Concat(Value("Иначе: "), F("title")))
    Roadmap.objects.update(title=Concat(Value("Иначе: "), F("title")))
    Item.objects.update(text=Concat(Value("Иначе: "), F("text")), responsible="иначе")
    DeclensionOverride.objects.update(genitive="иначе", dative="иначе", accusative="иначе")


def change_the_paper(school: Organisation) -> None:
    """Another name and place of the school, another letterhead with an emblem, another template of numbers."""
    school.refresh_from_db()
    school.full_name, school.name, school.place = "Совсем другая школа", "Другая школа", "д. Другая"
    school.emblem.save("emblem.png", ContentFile(code_png("https://example.org/")))
    school.save()
    sheet = {"left_mm": 20, "right_mm": 20, "top_mm": 30, "font_size_pt": 12, "with_emblem": True, "with_code": False}
    Letterhead.objects.update_or_create(organisation=school, defaults={**sheet, "stamp": Letterhead.Stamp.BY_HEAD})
    Series.objects.update(template="новая-{n}")


class upgraded_templates:  # noqa: N801 - reads as a phrase
    """Every text of kinds, every appendix and the order itself in another edition, put before those of the portal."""

    def __init__(self, folder: Path) -> None:
        source = settings.BASE_DIR / "templates" / "orders"
        for name in ("kinds", "appendices", "documents"):
            shutil.copytree(source / name, folder / "orders" / name)
        for path in (folder / "orders" / "kinds").iterdir():
            path.write_text(path.read_text().replace("1|number|control|", f"1|number|new|{NEW}.\n1|number|control|"))
        order = folder / "orders" / "documents" / "order.html"
        order.write_text(order.read_text().replace("ПРИКАЗ", f"ПРИКАЗ ({NEW.lower()})"))
        configured = copy.deepcopy(settings.TEMPLATES)
        configured[0]["DIRS"] = [folder, *configured[0]["DIRS"]]
        self.override = override_settings(TEMPLATES=configured)

    def __enter__(self) -> None:
        self.override.enable()
        assert NEW in engines["django"].get_template("orders/kinds/pairs.txt").template.source

    def __exit__(self, *failure: Any) -> None:
        self.override.disable()


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Told]:
    """One telling for all the tests, because it takes half a minute; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Told(tmp_path_factory.mktemp("templates"))
        transaction.set_rollback(True)


def of_kind(seen: dict[int, Seen], code: str) -> dict[int, Seen]:
    return {pk: one for pk, one in seen.items() if one["kind"] == code}


@pytest.mark.parametrize("code", CODES)
def test_no_byte_of_an_approved_order_changes(told: Told, code: str) -> None:
    before, after = of_kind(told.before, code), of_kind(told.after, code)
    assert len(before) >= 1
    for pk, seen in before.items():
        assert [name for name in seen if after[pk][name] != seen[name]] == []
        assert [content[:4] for content in seen["files"].values()] == [b"%PDF", b"PK\x03\x04"]
        assert (len(seen["stored"]), len(seen["verification"].sums), len(seen["register"])) == (2, 2, 1)
        assert len(seen["on the page"]) == len(seen["clauses"]) > 1


@pytest.mark.parametrize("code", CODES)
def test_paper_asks_no_living_row_for_a_word(told: Told, code: str) -> None:
    """Even a paper made only after everybody has been renamed is the one that was approved."""
    before = of_kind(told.before, code)
    assert {pk: told.redrawn[pk] for pk in before} == {pk: seen["files"] for pk, seen in before.items()}


@pytest.mark.parametrize("code", CODES)
def test_draft_of_the_kind_does_change(told: Told, code: str) -> None:
    (old_lines, old_paper), (new_lines, new_paper) = told.drafts_before[code], told.drafts_after[code]
    assert [line for line in new_lines if line not in old_lines] == [f"{NEW}."]
    assert new_paper != old_paper


def test_demo_has_orders_of_living_people_among_them(told: Told) -> None:
    living = [pk for pk, seen in told.before.items() if not seen["row"]["number"].endswith("-пример")]
    assert len(living) >= 5
    assert set(told.live_drafts) == {True}


def test_without_stored_files_the_upgrade_would_show(told: Told) -> None:
    """There is something to keep: the same frozen order printed on the new letterhead is another file."""
    order = Order.objects.approved().filter(organisation=told.school).earliest("pk")
    assert MAKERS["pdf"](order_blocks(order), order_setup(order)) != told.before[order.pk]["files"]["pdf"]
    assert plain_text(order_blocks(order)).startswith(told.before[order.pk]["row"]["facts"]["organisation"]["lines"][0])
