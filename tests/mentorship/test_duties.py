"""Withdrawal: hidden at once, and the legal terms of what takes time, over the New Year and the May holidays."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from accounts.attention import queue_for
from accounts.models import User
from accounts.permissions import Forbidden
from accounts.services.reference import load_calendar
from core.models import JournalEntry
from core.transitions import Refused
from core.workdays import WorkCalendar
from mentorship.models import (
    BankCard,
    Consent,
    ConsentKind,
    LegalDuty,
    Pair,
    PairState,
    Participant,
    calendar_from,
    due_on,
)
from mentorship.services.consents import withdraw_consent
from mentorship.services.duties import fulfil_duty
from tests.mentorship.builders import agree, approved_order, card, day

Kind = LegalDuty.Kind
PLAIN = WorkCalendar()


def withdrawn(person: Participant, kind: str, people: SimpleNamespace, pair: Pair | None = None) -> Consent:
    consent = agree(person, kind, people.curator, pair=pair, **({"resources": ["site"]} if kind == "photo" else {}))
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    consent.refresh_from_db()
    return consent


def working(pair: Pair, people: SimpleNamespace) -> Pair:
    order = approved_order(pair.organisation, people)
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order)
    return pair


# --- Terms ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "since", "expected", "plain"),
    [
        # 31 December 2026 is a day off moved there, 1–8 January are holidays, 9 and 10 January a weekend.
        (Kind.STOP_SHOWING, "2026-12-29", "2027-01-12", "2027-01-01"),
        (Kind.STOP_SHOWING, "2026-12-30", "2027-01-13", "2027-01-04"),
        (Kind.TELL_MUNICIPALITY, "2026-12-30", "2027-01-13", "2027-01-04"),
        (Kind.DESTROY, "2026-12-30", "2027-01-29", "2027-01-29"),
        # In 2026 1 May is a Friday, 9 May a Saturday whose day off moves to Monday the 11th.
        (Kind.REMOVE_PHOTO, "2026-04-30", "2026-05-06", "2026-05-05"),
        (Kind.REMOVE_PHOTO, "2026-05-07", "2026-05-13", "2026-05-12"),
        # In 2027 both 1 and 9 May fall on a weekend: the Mondays after them are days off.
        (Kind.END_MENTORING, "2027-04-30", "2027-05-06", "2027-05-05"),
        (Kind.END_MENTORING, "2027-05-07", "2027-05-13", "2027-05-12"),
    ],
)
def test_term_is_counted_by_the_production_calendar(
    db: None, kind: Kind, since: str, expected: str, plain: str
) -> None:
    load_calendar()
    start = dt.date.fromisoformat(since)
    assert due_on(kind, start, calendar_from(start)) == dt.date.fromisoformat(expected)
    assert due_on(kind, start, PLAIN) == dt.date.fromisoformat(plain)


@pytest.mark.parametrize(
    ("today", "due"), [("2026-12-29", "2027-01-12"), ("2026-12-30", "2027-01-13"), ("2027-04-30", "2027-05-06")]
)
def test_withdrawal_over_holidays_opens_the_right_term(
    mentee: Participant, people, time_machine, today: str, due: str
) -> None:
    load_calendar()
    time_machine.move_to(dt.datetime.fromisoformat(f"{today}T12:00:00+03:00"))
    withdrawn(mentee, ConsentKind.DISSEMINATION, people)
    duty = LegalDuty.objects.get()
    found = (duty.kind, duty.since.isoformat(), duty.due_on.isoformat(), duty.done_on)
    assert found == ("stop_showing", today, due, None)


def test_late_entry_counts_from_the_day_of_the_paper(mentee: Participant, people) -> None:
    consent = agree(mentee, ConsentKind.PROCESSING, people.curator, signed_on=day(-100))
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(-40), reason="заявление")
    duty = LegalDuty.objects.get()
    assert (duty.since, duty.due_on, duty.is_late_on(day(0))) == (day(-40), day(-10), True)


# --- What a withdrawal opens ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "duty"),
    [
        ("processing", "destroy"),
        ("dissemination", "stop_showing"),
        ("photo", "remove_photo"),
        ("transfer", "tell_municipality"),
    ],
)
def test_each_withdrawal_opens_its_duty(mentee: Participant, people, kind: str, duty: str) -> None:
    consent = withdrawn(mentee, kind, people)
    assert list(consent.duties.values_list("kind", flat=True)) == [duty]
    told = f"{LegalDuty.objects.get().get_kind_display()}: {LegalDuty.objects.get().deadline}"
    assert JournalEntry.objects.filter(event="mentorship.duty.open", text__startswith=told).count() == 1


def test_pair_in_force_is_to_be_ended_by_an_order(pair: Pair, people) -> None:
    withdrawn(working(pair, people).mentor, ConsentKind.MENTOR, people)
    withdrawn(pair.mentees[0], ConsentKind.PAIR, people, pair)
    assert sorted(LegalDuty.objects.values_list("kind", flat=True)) == ["end_mentoring", "end_pair"]
    assert LegalDuty.objects.get(kind="end_mentoring").deadline.startswith("не раньше ")


def test_pair_not_yet_in_force_leaves_nothing_to_end(pair: Pair, people) -> None:
    withdrawn(pair.mentor, ConsentKind.MENTOR, people)
    withdrawn(pair.mentees[0], ConsentKind.PAIR, people, pair)
    assert LegalDuty.objects.count() == 0


def test_replaced_consent_opens_nothing(mentee: Participant, people) -> None:
    agree(mentee, ConsentKind.DISSEMINATION, people.curator)
    agree(mentee, ConsentKind.DISSEMINATION, people.curator, signed_on=day(-1))
    assert LegalDuty.objects.count() == 0


def test_without_consent_nobody_stands_in_the_bank(mentee: Participant, people) -> None:
    kept = BankCard.objects.create(participant=mentee, role="mentor", state="archived", entered_on=day(-9))
    left = BankCard.objects.create(participant=mentee, role="mentee", state="interviewed", entered_on=day(-9))
    withdrawn(mentee, ConsentKind.PROCESSING, people)
    states = {card.pk: card.state for card in BankCard.objects.all()}
    assert states == {kept.pk: "archived", left.pk: "candidate"}


def test_photograph_goes_at_once_with_its_file(mentee: Participant, people, django_capture_on_commit_callbacks) -> None:
    mentee.photo.save("a.png", ContentFile(b"png"))
    storage, name = mentee.photo.storage, mentee.photo.name
    with django_capture_on_commit_callbacks(execute=True):
        withdrawn(mentee, ConsentKind.PHOTO, people)
    mentee.refresh_from_db()
    assert (bool(mentee.photo), storage.exists(name)) == (False, False)


def test_photograph_stays_when_the_withdrawal_fails(mentee: Participant, people) -> None:
    mentee.photo.save("a.png", ContentFile(b"png"))
    with transaction.atomic():
        withdrawn(mentee, ConsentKind.PHOTO, people)
        transaction.set_rollback(True)
    mentee.refresh_from_db()
    assert mentee.photo.storage.exists(mentee.photo.name)


def test_other_withdrawals_leave_the_photograph(mentee: Participant, people) -> None:
    mentee.photo.save("a.png", ContentFile(b"png"))
    withdrawn(mentee, ConsentKind.TRANSFER, people)
    mentee.refresh_from_db()
    assert mentee.photo.storage.exists(mentee.photo.name)


# --- Doing it ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def duty(mentee: Participant, people) -> LegalDuty:
    withdrawn(mentee, ConsentKind.DISSEMINATION, people)
    return LegalDuty.objects.get()


def test_duty_is_done_once_with_a_note(duty: LegalDuty, people) -> None:
    fulfil_duty(duty=duty, actor=people.curator, note="Убрано с сайта.")
    duty.refresh_from_db()
    assert (duty.done_on, duty.done_by, duty.note) == (day(0), people.curator, "Убрано с сайта.")
    with pytest.raises(Refused, match="Отметка уже стоит"):
        fulfil_duty(duty=duty, actor=people.curator, note="Ещё раз.")
    assert JournalEntry.objects.filter(event="mentorship.duty.change").count() == 1


def test_only_curators_mark_duties(duty: LegalDuty, people) -> None:
    for actor in (people.director, people.class_teacher, people.stranger):
        with pytest.raises(Forbidden):
            fulfil_duty(duty=duty, actor=actor, note="Сделано.")


@pytest.fixture
def full(mentee: Participant, people) -> Participant:
    """A person of whom the portal keeps everything."""
    mentee.phone, mentee.email, mentee.note, mentee.birth_year = "+7 900", "a@example.org", "заметка", 1990
    mentee.save()
    BankCard.objects.create(participant=mentee, role="mentee", request="помочь с дисциплиной", wishes="спокойный")
    return mentee


def test_destroying_empties_the_cards(full: Participant, people) -> None:
    withdrawn(full, ConsentKind.PROCESSING, people)
    fulfil_duty(duty=LegalDuty.objects.get(), actor=people.curator, note="Акт № 1.")
    full.refresh_from_db()
    bank = BankCard.objects.get()
    assert (full.phone, full.email, full.note, full.birth_year, full.full_name) == (
        "", "", "", None, "Ольхин Борис Викторович",
    )  # fmt: skip
    assert (bank.request, bank.wishes) == ("", "")


def test_newer_consent_keeps_the_data(full: Participant, people) -> None:
    withdrawn(full, ConsentKind.PROCESSING, people)
    agree(full, ConsentKind.PROCESSING, people.curator, signed_on=day(0))
    fulfil_duty(duty=LegalDuty.objects.get(), actor=people.curator, note="Дано новое согласие.")
    full.refresh_from_db()
    assert full.phone == "+7 900"


def test_nobody_is_forgotten_while_the_pair_works(pair: Pair, people) -> None:
    withdrawn(working(pair, people).mentees[0], ConsentKind.PROCESSING, people)
    duty = LegalDuty.objects.get()
    with pytest.raises(Refused, match="Сначала завершите пару"):
        fulfil_duty(duty=duty, actor=people.curator, note="Акт № 1.")
    duty.refresh_from_db()
    assert duty.done_on is None


# --- Pages ------------------------------------------------------------------------------------------------------------
def listed(client, **query: str) -> list[str]:
    return [row.duty.kind for row in client.get(reverse("duty_list"), query).context["rows"]]


def test_list_is_filtered_by_state_and_name(duty: LegalDuty, second: Participant, people, client_of) -> None:
    late = agree(second, ConsentKind.PROCESSING, people.curator, signed_on=day(-90))
    withdraw_consent(consent=late, actor=people.curator, withdrawn_on=day(-50), reason="заявление")
    client = client_of(people.curator)
    assert (listed(client), listed(client, state="late")) == (["destroy", "stop_showing"], ["destroy"])
    assert listed(client, q="Ольхин") == ["stop_showing"]
    fulfil_duty(duty=duty, actor=people.curator, note="Убрано.")
    found = [listed(client), listed(client, state="done"), len(listed(client, state="all"))]
    assert found == [["destroy"], ["stop_showing"], 2]
    assert listed(client_of(people.stranger), state="all") == []


def test_list_costs_the_same_for_one_and_three(duty: LegalDuty, school, people, client_of, queries) -> None:
    client, url = client_of(people.curator), reverse("duty_list")
    first = queries(client, url)
    for name in ("Ивин", "Осин"):
        withdrawn(card(school, f"{name} Пётр Ильич"), ConsentKind.DISSEMINATION, people)
    assert (queries(client, url), len(listed(client))) == (first, 3)


def test_page_asks_how_it_was_done(duty: LegalDuty, people, client_of) -> None:
    client, url = client_of(people.curator), reverse("duty_done", args=[duty.pk])
    assert client.post(url, {"note": " "}).context["form"].errors == {"note": ["Обязательное поле."]}
    assert client.post(url, {"note": "Убрано с сайта"}).status_code == 302
    again = client.post(url, {"note": "Ещё раз"})
    assert (again.status_code, "Отметка уже стоит." in again.content.decode()) == (200, True)


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("curator", (200, 200, 200)),
        ("director", (200, 403, 200)),
        ("inspector", (200, 403, 200)),
        ("class_teacher", (403, 403, 403)),
        ("stranger", (200, 404, 404)),
    ],
)
def test_duty_pages_ask_the_table(mentee: Participant, people, client_of, who: str, statuses: tuple) -> None:
    withdrawn(mentee, ConsentKind.PROCESSING, people)
    number = LegalDuty.objects.get().pk
    urls = [reverse("duty_list"), reverse("duty_done", args=[number]), reverse("duty_act", args=[number, "pdf"])]
    client = client_of(getattr(people, who))
    assert tuple(client.get(url).status_code for url in urls) == statuses


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_act_of_destruction_is_printed(mentee: Participant, people, client_of, form: str, start: bytes) -> None:
    withdrawn(mentee, ConsentKind.PROCESSING, people)
    url = reverse("duty_act", args=[LegalDuty.objects.get().pk, form])
    assert b"".join(client_of(people.curator).get(url).streaming_content)[: len(start)] == start


def test_act_belongs_to_destruction_alone(duty: LegalDuty, people, client_of) -> None:
    client = client_of(people.curator)
    assert client.get(reverse("duty_act", args=[duty.pk, "pdf"])).status_code == 404


# --- Home page --------------------------------------------------------------------------------------------------------
def test_curator_reads_of_terms_and_of_those_that_passed(duty: LegalDuty, second: Participant, people) -> None:
    late = agree(second, ConsentKind.PROCESSING, people.curator, signed_on=day(-90))
    withdraw_consent(consent=late, actor=people.curator, withdrawn_on=day(-50), reason="заявление")
    found = queue_for(User.objects.get(pk=people.curator.pk), second.organisation, day(0))
    ours = lambda entries: [one.title for one in entries if one.url.startswith("/cabinet/consents/terms/")]  # noqa: E731
    assert (ours(found.late), ours(found.now)) == (
        ["Уничтожить персональные данные: Осокина\u00a0М.\u00a0И."],
        ["Прекратить распространение вне портала: Ольхин\u00a0Б.\u00a0В."],
    )
    theirs = queue_for(User.objects.get(pk=people.director.pk), second.organisation, day(0))
    assert ours((*theirs.late, *theirs.now)) == []
