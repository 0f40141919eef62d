"""Notices that end a mentor's work early: three working days, who is told, and that only an order ends a pair."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.attention import queue_for
from accounts.models import Letter
from accounts.permissions import Forbidden
from accounts.services.reference import load_calendar
from core.documents.blocks import plain_text, read_blocks
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.documents.notices import NoticeFacts, notice_blank_file, notice_html
from mentorship.models import ConsentKind, Notice, Pair, PairState, chip_of_notice, earliest_end
from mentorship.services.notices import record_notice, revoke_notice
from orders import services
from orders.models import Order
from orders.services import delete_draft
from tests.core.document_words import docx_words, pdf_words
from tests.mentorship.builders import agree, approve, card, day, form_pair, submitted
from tests.mentorship.labour import at_work, given, iso, notice
from tests.mentorship.pair_life import ending, replacing
from tests.mentorship.test_constraints import without_trigger

Side = Notice.Side


@pytest.fixture
def working(pair: Pair, people: SimpleNamespace) -> Pair:
    """A pair in force by an approved order."""
    approve(submitted(people, pair), people)
    pair.refresh_from_db()
    return pair


def posted(**more: str) -> dict[str, str]:
    values = {"side": "employee", "given_on": iso(day(0)), "ends_on": iso(earliest_end(day(0))), "delivery": "hand"}
    return {**values, "original_place": "папка 2", "reason": "нагрузка", **more}


# --- Three working days -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given_on", "expected"),
    [
        ("2026-10-05", "2026-10-08"),  # Monday → Thursday
        ("2026-10-08", "2026-10-13"),  # Thursday → over a weekend
        ("2026-10-10", "2026-10-14"),  # Saturday: the notice day itself never counts
        ("2026-12-29", "2027-01-12"),  # over the New Year holidays, by the production calendar
    ],
)
def test_earliest_end_is_three_working_days_later(db, given_on: str, expected: str) -> None:
    load_calendar()
    assert earliest_end(dt.date.fromisoformat(given_on)) == dt.date.fromisoformat(expected)


def test_without_the_calendar_holidays_would_be_working_days(db) -> None:
    assert earliest_end(dt.date(2026, 12, 29)) == dt.date(2027, 1, 1)


@time_machine.travel("2026-10-08 12:00:00+03:00", tick=False)
def test_earlier_end_is_refused_and_the_day_is_named(mentor, mentee, people) -> None:
    pair = at_work(form_pair(mentor, [mentee], people.curator), people)
    with pytest.raises(Refused, match="не раньше 13.10.2026"):
        notice(mentor, people, ends_on=dt.date(2026, 10, 12))
    assert notice(mentor, people, ends_on=dt.date(2026, 10, 13)).pairs_to_end() == [pair]


def test_database_refuses_an_end_on_the_day_of_the_notice(working: Pair, people) -> None:
    made = notice(working.mentor, people)
    for changed in ({"ends_on": made.given_on}, {"revoked_on": made.given_on - dt.timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.filter(pk=made.pk).update(**changed)


# --- Recording --------------------------------------------------------------------------------------------------------
def test_notice_ends_no_pair_but_tells_everybody_concerned(working: Pair, people) -> None:
    working.mentor.user = people.teacher
    working.mentor.save(update_fields=["user"])
    Letter.objects.all().delete()
    made = notice(working.mentor, people)
    working.refresh_from_db()
    assert (working.state, working.ends_on) == (PairState.ACTIVE, day(200))
    letters = {letter.user.username: letter for letter in Letter.objects.select_related("user")}
    assert letters.keys() == {"director", "teacher"}
    assert letters["director"].path == reverse("notice_detail", args=[made.pk])
    assert f"последний день {made.ends_on:%d.%m.%Y}" in letters["director"].body
    assert JournalEntry.objects.filter(event="mentorship.notice.record").count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"given_on": day(1), "ends_on": day(30)}, "не может быть в будущем"),
        ({"given_on": dt.date(1999, 1, 1)}, "Проверьте год"),
        ({"ends_on": day(200)}, "и без уведомления заканчивается"),
        ({"ends_on": day(0)}, "Слишком рано"),
        ({"original_place": ""}, "Приложите скан"),
    ],
)
def test_impossible_notice_is_refused_in_words(working: Pair, people, wrong, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        notice(working.mentor, people, **wrong)
    assert Notice.objects.count() == 0


def test_notice_needs_a_pair_at_work(pair: Pair, mentee, people) -> None:
    with pytest.raises(Refused, match="никого не ведёт"):
        notice(pair.mentor, people)
    at_work(pair, people)
    with pytest.raises(Refused, match="ведёт другой наставник"):
        notice(mentee, people, pair=pair)


def test_second_notice_about_the_same_is_refused(working: Pair, people) -> None:
    notice(working.mentor, people)
    for again in ({}, {"pair": working}):
        with pytest.raises(Refused, match="уже записано"):
            notice(working.mentor, people, **again)


def test_notice_of_one_pair_leaves_the_other(working: Pair, second, people) -> None:
    other = at_work(form_pair(working.mentor, [second], people.curator), people, "2")
    assert notice(working.mentor, people, pair=working).pairs_to_end() == [working]
    later = notice(working.mentor, people, pair=other, side=Side.EMPLOYER)
    assert later.pairs_to_end() == [other]


def test_only_the_curator_records(working: Pair, people) -> None:
    with pytest.raises(Forbidden):
        record_notice(participant=working.mentor, given=given(), actor=people.director)


# --- What follows -----------------------------------------------------------------------------------------------------
def cancel(order: Order, since: dt.date, people) -> Order:
    params = {**order.params, "title": "Об отмене", "target": order.pk, "reason": "в связи с отказом"}
    made = services.draft_order(
        organisation=order.organisation,
        kind="cancellation",
        params={**params, "effective_on": since.isoformat()},
        actor=people.curator,
    )
    services.submit_order(order=made, actor=people.curator)
    return approve(made, people, "90")


def told(user, school) -> list[tuple[str, bool]]:
    queue = queue_for(user, school, day(0))
    return [(one.chip, one.waiting) for one in [*queue.now, *queue.waiting, *queue.late] if "прекращении" in one.title]


def test_home_pages_ask_for_the_order_until_it_ends_the_pair(working: Pair, people, school) -> None:
    made = notice(working.mentor, people)
    chip = f"до {made.ends_on:%d.%m.%Y}"
    assert [told(user, school) for user in (people.curator, people.director, people.inspector)] == [
        [(chip, False)],
        [(chip, True)],
        [],
    ]
    assert list(Notice.objects.unsettled()) == [made]
    assert working.order is not None
    cancel(working.order, made.first_day_without, people)
    working.refresh_from_db()
    assert (working.state, working.ends_on) == (PairState.CLOSED, made.ends_on)
    assert (told(people.curator, school), list(Notice.objects.unsettled())) == ([], [])
    assert chip_of_notice(made, made.pairs_to_end(), day(0)) == ("исполнено", "ok")


def test_a_missed_day_is_late(working: Pair, people, school) -> None:
    made = notice(working.mentor, people)
    with without_trigger("mentorship_notice", "notice_is_kept"):
        Notice.objects.filter(pk=made.pk).update(given_on=day(-20), ends_on=day(-2))
    queue = queue_for(people.director, school, day(0))
    assert [one.chip for one in queue.late if "прекращении" in one.title] == [f"срок прошёл {day(-2):%d.%m.%Y}"]


def test_queries_of_notices_and_rows_agree(working: Pair, second, people) -> None:
    """The list that the database gives is the one that `covers` gives."""
    other = at_work(form_pair(working.mentor, [second], people.curator), people, "2")
    notice(working.mentor, people, pair=working)
    ended = notice(working.mentor, people, pair=other)
    Pair.objects.filter(pk=other.pk).update(state=PairState.CLOSED, ends_on=day(0), closing_ground="cancelled")
    assert {row.pk for row in Notice.objects.unsettled()} == {
        row.pk for row in Notice.objects.all() if row.pairs_to_end()
    }
    assert ended not in Notice.objects.unsettled()


def test_revoked_notice_asks_for_nothing(working: Pair, people, school) -> None:
    made = notice(working.mentor, people)
    for wrong in (day(1), day(-1)):
        with pytest.raises(Refused):
            revoke_notice(notice=made, revoked_on=wrong, reason="x", actor=people.curator)
    revoke_notice(notice=made, revoked_on=day(0), reason="передумал", actor=people.curator)
    made.refresh_from_db()
    assert (made.revoke_reason, told(people.curator, school)) == ("передумал", [])
    with pytest.raises(Refused, match="уже отозвано"):
        revoke_notice(notice=made, revoked_on=day(0), reason="ещё", actor=people.curator)
    assert notice(made.participant, people).pk != made.pk


def test_withdrawal_of_the_consent_points_to_the_notice(working: Pair, people, client_of) -> None:
    consent = working.mentor.consents.get(kind=ConsentKind.MENTOR)
    url = reverse("consent_withdraw", args=[consent.pk])
    assert reverse("notice_new", args=[working.mentor_id]) in client_of(people.curator).get(url).content.decode()
    working.mentor.user = people.teacher
    working.mentor.save(update_fields=["user"])
    html = client_of(people.teacher).get(url).content.decode()
    assert reverse("notice_blank", args=[working.mentor_id, "employee", "pdf"]) in html


def test_withdrawal_without_a_pair_at_work_says_nothing_of_notices(pair: Pair, people, client_of) -> None:
    consent = agree(pair.mentor, ConsentKind.MENTOR, people.curator)
    html = client_of(people.curator).get(reverse("consent_withdraw", args=[consent.pk])).content.decode()
    assert "уведомлен" not in html


# --- The paper --------------------------------------------------------------------------------------------------------
def words(html: str) -> str:
    return plain_text(read_blocks(html))


def test_refusal_is_addressed_to_the_head_and_names_the_pair(working: Pair) -> None:
    text = words(notice_html(working.mentor, NoticeFacts(Side.EMPLOYEE, working, day(0), day(9), "нагрузка")))
    needed = [
        "Директору",
        "Громовой Е. П.",
        "от учителя математики",
        "Вересковой Аллы Петровны",
        f"Последний день этой работы — {day(9):%d.%m.%Y}",
        "Ольхин Борис Викторович",
        "№ 71-б",
        "Причина: нагрузка.",
    ]
    assert [part for part in needed if part not in text] == []


def test_cancelling_is_addressed_to_the_mentor(working: Pair) -> None:
    text = words(notice_html(working.mentor, NoticeFacts(Side.EMPLOYER)))
    needed = ["Учителю математики", "Вересковой Алле Петровне", "Экземпляр уведомления получила", "«____»"]
    assert [part for part in needed if part not in text] == []
    assert ".." not in text


@pytest.mark.parametrize("side", list(Side))
def test_both_files_say_the_same_words(working: Pair, side: Notice.Side) -> None:
    (name, pdf), (_, docx) = (notice_blank_file(working.mentor, side, form, pair=None) for form in ("pdf", "docx"))
    assert name.endswith("— Верескова А. П.pdf")
    assert pdf_words(pdf) == docx_words(docx)


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_curator_records_and_is_led_to_the_order(working: Pair, people, client_of) -> None:
    client, url = client_of(people.curator), reverse("notice_new", args=[working.mentor_id])
    assert f"{earliest_end(day(0)):%Y-%m-%d}" in client.get(url).content.decode()
    back = client.post(url, posted())
    made = Notice.objects.get()
    assert (back.status_code, back["Location"]) == (302, reverse("notice_detail", args=[made.pk]))
    row = client.get(back["Location"]).context["endings"][0]
    draft = client.get(row.draft_url)
    initial = draft.context["form"].initial
    assert (draft.status_code, initial["pairs"], initial["last_day"], initial["initiator"]) == (
        200,
        [str(working.pk)],
        iso(made.ends_on),
        "mentor",
    )
    assert (row.pair, row.draft) == (working, None)


def test_page_names_the_draft_that_ends_the_pair_or_changes_its_mentor(
    working: Pair, second, people, client_of
) -> None:
    made = notice(working.mentor, people)
    url, client = reverse("notice_detail", args=[made.pk]), client_of(people.curator)
    order = ending(people, working, last_day=made.ends_on)
    assert client.get(url).context["endings"][0].draft == order
    delete_draft(order=order, actor=people.curator)
    _, order = replacing(people, working, second, starts_on=made.first_day_without)
    assert client.get(url).context["endings"][0].draft == order


def test_refusal_stands_beside_its_field_and_the_text_stays(working: Pair, people, client_of) -> None:
    client = client_of(people.curator)
    page = client.post(reverse("notice_new", args=[working.mentor_id]), posted(ends_on=iso(day(0))))
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["ends_on"])
    assert "нагрузка" in page.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"given_on": "0001-01-01"}, {"ends_on": "9999-12-31"}, {"pair": "999999"}, {"side": "x"}]
)
def test_bad_input_is_no_failure(working: Pair, people, client_of, wrong) -> None:
    page = client_of(people.curator).post(reverse("notice_new", args=[working.mentor_id]), posted(**wrong))
    assert (page.status_code, Notice.objects.count()) == (200, 0)


def test_pages_answer_by_role(working: Pair, people, client_of) -> None:
    working.mentor.user = people.teacher
    working.mentor.save(update_fields=["user"])
    made = notice(working.mentor, people)
    seen = [
        reverse("notice_blank", args=[working.mentor_id, "employee", "pdf"]),
        reverse("notice_detail", args=[made.pk]),
        reverse("notice_paper", args=[made.pk, "docx"]),
    ]
    kept = [reverse("notice_new", args=[working.mentor_id]), reverse("notice_revoke", args=[made.pk])]
    roles = ("curator", "director", "teacher", "accountant", "stranger")
    found = {name: [client_of(getattr(people, name)).get(url).status_code for url in [*seen, *kept]] for name in roles}
    assert found == {
        "curator": [200] * 5,
        "director": [200, 200, 200, 403, 403],
        "teacher": [200, 200, 200, 403, 403],
        "accountant": [403] * 5,
        "stranger": [404] * 5,
    }


def test_unknown_side_format_and_missing_scan_are_not_found(working: Pair, people, client_of) -> None:
    made = notice(working.mentor, people)
    urls = [
        reverse("notice_blank", args=[working.mentor_id, "nobody", "pdf"]),
        reverse("notice_blank", args=[working.mentor_id, "employee", "odt"]),
        reverse("notice_paper", args=[made.pk, "odt"]),
        reverse("notice_scan", args=[made.pk]),
    ]
    assert [client_of(people.curator).get(url).status_code for url in urls] == [404] * 4


def test_curator_revokes_from_the_page(working: Pair, people, client_of) -> None:
    made = notice(working.mentor, people)
    url, client = reverse("notice_revoke", args=[made.pk]), client_of(people.curator)
    refused = client.post(url, {"revoked_on": iso(day(1)), "reason": "ошибка"})
    assert "не может быть в будущем" in refused.content.decode()
    assert client.post(url, {"revoked_on": iso(day(0)), "reason": "ошибка"}).status_code == 302
    assert "отозвано" in client.get(reverse("notice_detail", args=[made.pk])).content.decode()


def test_pages_cost_the_same_with_one_pair_and_with_three(working: Pair, school, people, client_of, queries) -> None:
    made = notice(working.mentor, people)
    client = client_of(people.curator)
    urls = [reverse("notice_detail", args=[made.pk]), "/cabinet/"]
    first = [queries(client, url) for url in urls]
    for number, name in enumerate(("Лисин Олег Ильич", "Зайцев Олег Ильич"), start=2):
        at_work(form_pair(working.mentor, [card(school, name)], people.curator), people, str(number))
    assert len(made.pairs_to_end()) == 3
    assert [queries(client, url) for url in urls] == first
