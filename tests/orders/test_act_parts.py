"""Parts of an act: sections corrected clause by clause, agreement marks, the file, the paper."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import Body, Organisation
from core.models import JournalEntry
from core.transitions import Refused
from orders.documents import act_blocks
from orders.models import ActMark, Letterhead, LocalAct, Protocol
from orders.models.act_text import sections_of
from orders.services.act_marks import add_mark, remove_mark
from orders.services.acts import CHANGED_MEANWHILE, LOCKED, change_section
from orders.services.library import approved_by
from tests.core.document_words import docx_words, pdf_words
from tests.mentorship.builders import approved_order, day
from tests.orders.pages import page, said

TEXT = "1. Общее\n1.1. Цель.\n1.2. Задачи.\n2. Участники\n2.1. Куратор."


@pytest.fixture
def act(school: Organisation) -> LocalAct:
    return LocalAct.objects.create(organisation=school, title="Положение", text=TEXT)


@pytest.fixture
def protocol(school: Organisation, people: SimpleNamespace) -> Protocol:
    body = Body.objects.create(organisation=school, kind=Body.Kind.PEDAGOGICAL_COUNCIL, name="Педагогический совет")
    return Protocol.objects.create(
        organisation=school,
        body=body,
        number="1",
        held_on=day(-30),
        chair="Громова Елена Павловна",
        secretary="Мельник О. Т.",
        agenda="О Положении",
        decided="Принять",
        recorded_by=people.curator,
    )


def url(name: str, act: LocalAct, *more: Any) -> str:
    return reverse(f"act_{name}", args=[act.pk, *more])


def introduce(act: LocalAct, people: SimpleNamespace) -> LocalAct:
    order = approved_order(act.organisation, people)
    LocalAct.objects.filter(pk=act.pk).update(state="in_force", order=order, in_force_from=day(-5))
    act.refresh_from_db()
    return act


def section_data(act: LocalAct, *lines: str, **more: str) -> dict[str, str]:
    typed = {f"line-{place}": line for place, line in enumerate(lines)}
    return {"fingerprint": act.fingerprint, "new": "", **typed, **more}


def mark_data(**more: Any) -> dict[str, Any]:
    return {
        "word": "agreed",
        "title": "Председатель профкома",
        "name": "Юн Инна Олеговна",
        "given_on": str(day(-3)),
        **more,
    }


# --- Sections ---------------------------------------------------------------------------------------------------------
def test_section_is_corrected_clause_by_clause(act, people, client_of, journal_count) -> None:
    client = client_of(people.curator)
    text = page(client.get(url("section", act, 0)))
    assert [words in text for words in ("Заголовок раздела", "Пункт 1.1", "Пункт 1.2", "Пункт 2.1")] == [
        True,
        True,
        True,
        False,
    ]
    sent = section_data(act, "1. Общее", "", "1.2. Задачи.\n1.5. Ещё.", new="1.9. Последний.", number="on")
    assert said(client, client.post(url("section", act, 0), sent)) == ["Раздел сохранён."]
    act.refresh_from_db()
    assert act.text == "1. Общее\n1.1. Задачи.\n1.2. Ещё.\n1.3. Последний.\n2. Участники\n2.1. Куратор."
    (entry,) = JournalEntry.objects.about(act)
    assert (entry.text, [change["field"] for change in entry.changes], journal_count()) == (
        "Изменён раздел проекта, номера поставлены по порядку.",
        ["1. Общее"],
        1,
    )


def test_unchanged_section_writes_no_history(act, people, client_of, journal_count) -> None:
    client_of(people.curator).post(url("section", act, 1), section_data(act, "2. Участники", "2.1. Куратор."))
    assert (journal_count(), LocalAct.objects.get().text) == (0, TEXT)


def test_section_changed_meanwhile_keeps_what_was_typed(act, people, client_of) -> None:
    client, sent = client_of(people.curator), section_data(act, "1. Общее", "1.1. Моё.")
    LocalAct.objects.update(text=TEXT.replace("Цель", "Чужое"))
    response = client.post(url("section", act, 0), sent)
    text = page(response)
    assert ("1.1. Моё." in text, "1.1. Чужое." in text, CHANGED_MEANWHILE in text) == (True, True, True)
    fresh = LocalAct.objects.get()
    assert f'value="{fresh.fingerprint}"' in text
    client.post(url("section", act, 0), {**sent, "fingerprint": fresh.fingerprint})
    assert LocalAct.objects.get().text == "1. Общее\n1.1. Моё.\n2. Участники\n2.1. Куратор."


def test_without_the_fingerprint_a_stale_page_overwrites(act, people) -> None:
    words = {"act": act, "place": 0, "lines": ["1. Моё"], "number": False, "actor": people.curator}
    with pytest.raises(Refused):
        change_section(**words, fingerprint="0" * 16)
    with mock.patch.object(LocalAct, "fingerprint", "0" * 16):
        change_section(**words, fingerprint="0" * 16)
    assert sections_of(LocalAct.objects.get().text)[0].all_lines == ["1. Моё"]


def test_last_section_is_not_taken_out(act, people, client_of) -> None:
    LocalAct.objects.update(text="1. Общее")
    response = client_of(people.curator).post(url("section", act, 0), section_data(LocalAct.objects.get()))
    assert "не останется ни одной строки" in page(response)
    assert LocalAct.objects.get().text == "1. Общее"


def test_section_that_is_not_there_and_one_that_is_too_long(act, people, client_of) -> None:
    client = client_of(people.curator)
    assert [client.get(url("section", act, place)).status_code for place in (2, 10**9)] == [404, 404]
    LocalAct.objects.update(text="1. Общее\n" + "\n".join(f"1.{place}. П." for place in range(1, 152)))
    response = client.get(url("section", act, 0))
    assert (response["Location"], said(client, response)) == (
        url("edit", act),
        ["В разделе слишком много строк: правьте весь текст сразу."],
    )


# --- Marks ------------------------------------------------------------------------------------------------------------
def test_mark_of_a_protocol_takes_its_words(act, protocol, people, client_of, journal_count) -> None:
    client = client_of(people.curator)
    sent = {"word": "accepted", "protocol": protocol.pk}
    assert client.post(url("marks", act), sent)["Location"] == url("marks", act)
    mark = ActMark.objects.get()
    paper = f"протокол от {day(-30):%d.%m.%Y} № 1"
    assert mark.facts == {"word": "ПРИНЯТО", "who": "Педагогический совет", "name": "", "paper": paper}
    assert (mark.given_on, mark.recorded_by, journal_count()) == (day(-30), people.curator, 1)
    assert paper in page(client.get(url("detail", act)))
    assert said(client, client.post(reverse("act_mark_remove", args=[mark.pk]))) == ["Отметка снята."]
    assert (ActMark.objects.count(), journal_count()) == (0, 2)


def test_mark_of_a_person_is_printed_short(act, people, client_of) -> None:
    client_of(people.curator).post(url("marks", act), mark_data())
    assert ActMark.objects.get().facts == {
        "word": "СОГЛАСОВАНО",
        "who": "Председатель профкома",
        "name": "И. О. Юн".replace(" ", "\u00a0"),
        "paper": f"{day(-3):%d.%m.%Y}",
    }


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"given_on": ""}, ["given_on"]),
        ({"given_on": str(day(1))}, ["given_on"]),
        ({"given_on": "вчера"}, ["given_on"]),
        ({"word": "щ"}, ["word"]),
        ({"protocol": "999999"}, ["protocol"]),
        ({"title": "щ" * 201}, ["title"]),
    ],
)
def test_bad_mark_is_explained(act, people, client_of, more: dict, fields: list[str]) -> None:
    response = client_of(people.curator).post(url("marks", act), mark_data(**more))
    assert (response.status_code, list(response.context["form"].errors), ActMark.objects.count()) == (200, fields, 0)


def test_mark_stands_once(act, people, client_of) -> None:
    client = client_of(people.curator)
    client.post(url("marks", act), mark_data())
    assert "Такая отметка уже есть" in page(client.post(url("marks", act), mark_data()))
    assert ActMark.objects.count() == 1


def test_protocol_of_another_school_is_no_choice(act, protocol, other_school, people, client_of) -> None:
    Protocol.objects.update(organisation=other_school)
    response = client_of(people.curator).post(url("marks", act), {"word": "accepted", "protocol": protocol.pk})
    assert list(response.context["form"].errors) == ["protocol"]


def test_marks_of_an_introduced_act_never_change(act, people, client_of) -> None:
    client = client_of(people.curator)
    said(client, client.post(url("marks", act), mark_data()))
    mark = ActMark.objects.get()
    introduce(act, people)
    assert said(client, client.get(url("marks", act))) == [LOCKED]
    assert said(client, client.post(reverse("act_mark_remove", args=[mark.pk]))) == [LOCKED]
    changes = (
        lambda: ActMark.objects.update(title="Иначе"),
        lambda: ActMark.objects.all().delete(),
        lambda: ActMark.objects.create(act=act, title="Ещё", given_on=day(0), recorded_by=people.curator),
    )
    for change in changes:
        with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
            change()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE orders_actmark DISABLE TRIGGER marks_of_introduced_act_are_kept")
            change()
            transaction.set_rollback(True)
    assert list(ActMark.objects.values_list("title", flat=True)) == ["Председатель профкома"]


def test_protocol_on_an_introduced_act_is_named_by_its_order(act, protocol, people, client_of) -> None:
    client_of(people.curator).post(url("marks", act), {"word": "accepted", "protocol": protocol.pk})
    assert approved_by(protocol) is None
    introduce(act, people)
    assert approved_by(protocol) == act.order


def test_services_look_again_at_the_lock(act, people) -> None:
    form = mock.Mock(instance=ActMark(act=act))
    LocalAct.objects.update(state="in_force", order=approved_order(act.organisation, people), in_force_from=day(0))
    for attempt in (
        lambda: add_mark(form=form, actor=people.curator),
        lambda: remove_mark(mark=form.instance, actor=people.curator),
    ):
        with pytest.raises(Refused, match="передан на утверждение"):
            attempt()


# --- The paper --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("style", ["order", "head"])
def test_paper_says_the_same_in_both_formats(act, school, people, client_of, style: str) -> None:
    Letterhead.objects.create(organisation=school, stamp=style)
    client = client_of(people.director)
    client_of(people.curator).post(url("marks", act), mark_data())
    files = {form: b"".join(client.get(url("print", act, form))) for form in ("pdf", "docx")}
    printed = pdf_words(files["pdf"])
    printed.subtract(["ПРОЕКТ"] * printed["ПРОЕКТ"])
    assert +printed == docx_words(files["docx"])
    first = {"order": "УТВЕРЖДЕНО", "head": "УТВЕРЖДАЮ"}[style]
    assert (printed[first], printed["СОГЛАСОВАНО"], printed["Куратор."]) == (1, 1, 1)
    assert client.get(url("print", act, "txt")).status_code == 404


def test_any_title_of_the_head_stands_in_the_stamp(act, school) -> None:
    school.head_post, school.head_name = "Заведующий", "Щербакова Татьяна Викторовна"
    school.save()
    Letterhead.objects.create(organisation=school, stamp="head")
    stamp = act_blocks(LocalAct.objects.get())[1].text.replace("\u00a0", " ").split("\n")
    assert stamp == [
        "УТВЕРЖДАЮ",
        f"Заведующий {school.name}".replace("\u00a0", " "),
        "____________ Т. В. Щербакова",
        "Приказ от ___.___.20___ № _____",
    ]


# --- Who is let in ----------------------------------------------------------------------------------------------------
def test_parts_are_for_those_whom_the_table_names(act, people, client_of) -> None:
    mark = ActMark.objects.create(act=act, title="Совет", given_on=day(-1), recorded_by=people.curator)
    remove = reverse("act_mark_remove", args=[mark.pk])
    addresses = [url("section", act, 0), url("marks", act), url("print", act, "pdf"), url("file", act)]
    found = {
        who: [client_of(getattr(people, who)).get(one).status_code for one in addresses]
        + [client_of(getattr(people, who)).post(remove).status_code]
        for who in ("director", "teacher", "stranger")
    }
    assert found == {
        "director": [403, 403, 200, 404, 403],
        "teacher": [403, 403, 403, 403, 403],
        "stranger": [404, 404, 404, 404, 404],
    }
    assert client_of(people.curator).get(remove).status_code == 405
    assert ActMark.objects.count() == 1


@pytest.mark.parametrize("name", ["marks", "section"])
def test_locked_act_is_not_written_to(act, people, client_of, name: str) -> None:
    introduce(act, people)
    client = client_of(people.curator)
    address = url(name, act, *([0] if name == "section" else []))
    assert said(client, client.get(address)) == [LOCKED]
    assert said(client, client.post(address, {**mark_data(), **section_data(act, "1. Иначе")})) == [LOCKED]
    assert (LocalAct.objects.get().text, ActMark.objects.count()) == (TEXT, 0)


def test_pages_cost_the_same_for_one_and_three(act, people, client_of, queries) -> None:
    client = client_of(people.curator)
    addresses = [url("marks", act), url("detail", act), url("section", act, 0)]

    def cost() -> list[int]:
        return [queries(client, one) for one in addresses]

    client.post(url("marks", act), mark_data())
    counts = [cost()]
    for name in ("Совет родителей", "Совет наставников"):
        client.post(url("marks", act), mark_data(title=name))
    assert [*counts, cost()] == [[12, 14, 8]] * 2
