"""Who is a minor on a day, and the day on which the date of birth gives way to the year."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from config.management.commands.worker import Loop
from core.models import JournalEntry
from mentorship.models import Category, ConsentKind, Participant
from mentorship.models.participants import birthday
from mentorship.services.ages import forget_birth_dates
from tests.mentorship.builders import agree, card, day, grown_on
from tests.mentorship.test_participants import NEW, card_data

LEAP = dt.date(2008, 2, 29)
NOON = dt.time(12, tzinfo=dt.UTC)


def at(when: dt.date) -> time_machine.travel:
    return time_machine.travel(dt.datetime.combine(when, NOON), tick=False)


def edit(person: Participant) -> str:
    return reverse("participant_edit", args=[person.pk])


# --- BR-13: the boundary ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("born", "when", "minor"),
    [
        (dt.date(2008, 11, 21), dt.date(2026, 11, 20), True),
        (dt.date(2008, 11, 21), dt.date(2026, 11, 21), False),
        (LEAP, dt.date(2026, 2, 28), True),
        (LEAP, dt.date(2026, 3, 1), False),
        (dt.date(2010, 3, 1), dt.date(2028, 2, 29), True),
        (dt.date(2010, 2, 28), dt.date(2028, 2, 28), False),
    ],
)
def test_minor_until_the_eighteenth_birthday(born: dt.date, when: dt.date, minor: bool) -> None:
    person = Participant(category=Category.PUPIL, birth_date=born)
    assert person.is_minor_on(when) is minor


@pytest.mark.parametrize(
    ("year", "grown", "when", "minor"),
    [
        (None, False, dt.date(2026, 11, 21), True),
        (2009, False, dt.date(2026, 12, 31), True),
        (2008, False, dt.date(2026, 12, 31), True),
        (2008, True, dt.date(2026, 11, 21), False),
        (2007, False, dt.date(2026, 1, 1), False),
    ],
)
def test_pupil_without_a_date_is_a_minor_until_the_year_leaves_no_doubt(year, grown, when, minor: bool) -> None:
    person = Participant(category=Category.PUPIL, birth_year=year, came_of_age=grown)
    assert person.is_minor_on(when) is minor


@pytest.mark.parametrize(("offset", "needed"), [(1, True), (0, False)])
def test_consent_of_a_minor_needs_the_representative_until_the_birthday(
    school, people, client_of, offset: int, needed: bool
) -> None:
    """Signed on the eighteenth birthday by the person alone: good. A day earlier: not."""
    person = card(school, "Рогов Матвей Денисович", "", category=Category.PUPIL, birth_date=grown_on(day(offset)))
    url = reverse("consent_new", args=[person.pk, ConsentKind.PROCESSING])
    data = {"answer": "given", "signed_on": day(0).isoformat(), "method": "paper", "original_place": "папка"}
    response = client_of(people.curator).post(url, data)
    assert (response.status_code, person.consents.count()) == ((200, 0) if needed else (302, 1))


@pytest.mark.parametrize(
    "when", [dt.date(2026, 2, 28), dt.date(2026, 3, 1), dt.date(2028, 2, 29), dt.date(2026, 11, 21)]
)
def test_query_and_property_draw_the_same_boundary(school, when: dt.date) -> None:
    """Every birthday around the boundary, the 29 February among them."""
    middle = when.year - 18
    days = [dt.date(middle, 2, 20) + dt.timedelta(days=number) for number in range(14)]
    days += [when.replace(year=middle, day=min(when.day, 28)) + dt.timedelta(days=number) for number in range(-3, 4)]
    for number, born in enumerate(days):
        card(school, f"Рогов{'а' * number} Матвей Денисович", "", category=Category.PUPIL, birth_date=born)
    grown = {person.birth_date for person in Participant.objects.grown_up(when)}
    assert grown == {born for born in days if when >= birthday(born, 18)}


# --- The daily work ---------------------------------------------------------------------------------------------------
def test_at_eighteen_only_the_year_is_left(school, people) -> None:
    grown = card(school, "Рогов Матвей Денисович", "", category=Category.PUPIL, birth_date=grown_on(day(0)))
    minor = card(school, "Синицын Лев Ильич", "", category=Category.PUPIL, birth_date=grown_on(day(1)))
    assert forget_birth_dates() == 1
    grown.refresh_from_db()
    minor.refresh_from_db()
    year = grown_on(day(0)).year
    assert (grown.birth_date, grown.birth_year, grown.came_of_age) == (None, year, True)
    assert (grown.is_minor_on(day(0)), minor.birth_date) == (False, grown_on(day(1)))
    assert forget_birth_dates() == 0


def test_history_says_that_the_date_is_gone_but_not_what_it_was(school) -> None:
    person = card(school, "Рогов Матвей Денисович", "", category=Category.PUPIL, birth_date=grown_on(day(-3)))
    forget_birth_dates()
    entry = JournalEntry.objects.about(person).get()
    assert (entry.actor, entry.changes) == (None, [{"field": "Дата рождения", "old": "указано", "new": "—"}])
    assert entry.scope == school.pk


def test_born_on_the_leap_day_comes_of_age_on_the_first_of_march(school) -> None:
    person = card(school, "Рогов Матвей Денисович", "", category=Category.PUPIL, birth_date=LEAP)
    with at(dt.date(2026, 2, 28)):
        assert forget_birth_dates() == 0
    with at(dt.date(2026, 3, 1)):
        assert forget_birth_dates() == 1
    person.refresh_from_db()
    assert (person.birth_date, person.birth_year) == (None, 2008)


def test_worker_does_it(school) -> None:
    person = card(school, "Рогов Матвей Денисович", "", category=Category.PUPIL, birth_date=grown_on(day(0)))
    Loop().run_periodic()
    person.refresh_from_db()
    assert person.birth_date is None


def test_signed_consent_keeps_its_ground_when_the_person_grows_up(school, people) -> None:
    """What the representative signed stays signed; only the next paper is the person's own."""
    person = card(school, "Рогов Матвей Денисович", "", category=Category.PUPIL, birth_date=grown_on(day(5)))
    signed = {"representative": "Рогова Анна Сергеевна", "relation": "мать", "own_signature": True}
    consent = agree(person, ConsentKind.PROCESSING, people.curator, **signed)
    with at(day(6)):
        forget_birth_dates()
    person.refresh_from_db()
    assert (consent.is_live_on(day(6)), person.is_minor_on(consent.signed_on)) == (True, False)
    assert person.may_be_minor


# --- The form ---------------------------------------------------------------------------------------------------------
def test_pupil_who_is_eighteen_already_leaves_the_year_alone(people, client_of) -> None:
    born = grown_on(day(0))
    data = card_data(category="pupil", birth_date=born.isoformat())
    assert client_of(people.curator).post(NEW, data).status_code == 302
    person = Participant.objects.get()
    assert (person.birth_date, person.birth_year, person.came_of_age) == (None, born.year, True)
    assert not person.is_minor_on(day(0))


def test_another_year_typed_by_hand_is_no_proof_of_age(people, school, client_of) -> None:
    year = day(0).year - 18
    person = card(school, "Рогов Матвей Денисович", "", category=Category.PUPIL, birth_year=year - 1, came_of_age=True)
    data = card_data(surname="Рогов", given_name="Матвей", patronymic="Денисович", gender="m", category="pupil")
    client_of(people.curator).post(edit(person), {**data, "birth_year": year})
    person.refresh_from_db()
    assert (person.birth_year, person.came_of_age, person.is_minor_on(day(0))) == (year, False, True)


def test_corrected_date_brings_its_own_year(people, school, client_of) -> None:
    born = day(-365 * 12)
    person = card(school, "Рогов Матвей Денисович", "", category=Category.PUPIL, birth_date=born, birth_year=born.year)
    data = card_data(surname="Рогов", given_name="Матвей", patronymic="Денисович", gender="m", category="pupil")
    other = born.replace(year=born.year - 1, day=1)
    more = {"birth_year": born.year, "birth_date": other.isoformat()}
    assert client_of(people.curator).post(edit(person), {**data, **more}).status_code == 302
    person.refresh_from_db()
    assert (person.birth_date, person.birth_year) == (other, other.year)


# --- The history must not keep what it cannot forget ------------------------------------------------------------------
def test_history_never_keeps_dates_contacts_and_notes(people, school, client_of) -> None:
    client = client_of(people.curator)
    first = {"birth_date": day(-4400).isoformat(), "phone": "+7 900 111", "email": "a@example.org", "note": "тайна"}
    client.post(NEW, card_data(category="pupil", **first))
    person = Participant.objects.get()
    data = card_data(gender="f", category="pupil", birth_year=day(-4400).year)
    second = {"birth_date": day(-4399).isoformat(), "phone": "+7 900 222", "email": "b@example.org", "note": "секрет"}
    client.post(edit(person), {**data, **second})
    client.post(edit(person), {**data, **second, "phone": ""})
    told = [(change["field"], change["old"], change["new"]) for change in changes_of(person)]
    veiled = [one for one in told if one[0] in ("Дата рождения", "Телефон", "Электронная почта", "Заметка куратора")]
    assert sorted(veiled) == sorted(
        [(label, "—", "указано") for label in ("Дата рождения", "Телефон", "Электронная почта", "Заметка куратора")]
        + [(label, "указано", "изменено") for label in ("Дата рождения", "Телефон", "Электронная почта")]
        + [("Заметка куратора", "указано", "изменено"), ("Телефон", "указано", "—")]
    )
    words = str(list(JournalEntry.objects.values_list("text", "changes")))
    secrets = (f"{day(-4400):%d.%m.%Y}", f"{day(-4399):%d.%m.%Y}", *first.values(), *second.values())
    assert [one for one in secrets if one in words] == []


def changes_of(person: Participant) -> list[dict]:
    return [change for entry in JournalEntry.objects.about(person) for change in entry.changes]


def test_without_the_veil_the_history_would_keep_them(people, school, client_of, monkeypatch) -> None:
    monkeypatch.setattr(Participant, "VEILED", ())
    client_of(people.curator).post(NEW, card_data(phone="+7 900 111"))
    assert "+7 900 111" in str(changes_of(Participant.objects.get()))
