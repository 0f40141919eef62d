"""«Кто видит мои данные»: the declared table is what pages really do; public now; who has opened the card."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.permissions import GRANTS, Reach, Role
from mentorship.models import (
    BankCard,
    CardView,
    Category,
    Consent,
    ConsentKind,
    Course,
    Interview,
    Pair,
    Participant,
    PastName,
)
from mentorship.services.access import SHOWN, note_view, publicity_of, seen_by, views_of
from mentorship.services.consents import withdraw_consent
from tests.mentorship.builders import agree, approve, card, day, form_pair, submitted

OWN_CARD = "/cabinet/card/"


@pytest.fixture
def person(school, people: SimpleNamespace, reference: None) -> Participant:
    return card(school, "Мелова Дарья Сергеевна", user=people.teacher, phone="+7 900", note="служебная заметка")


def detail(person: Participant) -> str:
    return reverse("participant_detail", args=[person.pk])


def access(person: Participant) -> str:
    return reverse("participant_access", args=[person.pk])


def declared(person: Participant, title: str) -> dict[str, list[str]]:
    """Role → names of the line with this title."""
    line = next(one for one in seen_by(person) if one.field.title == title)
    return {watcher.role: watcher.people for watcher in line.watchers}


# --- The table against the pages --------------------------------------------------------------------------------------
def test_every_line_is_an_action_of_the_table() -> None:
    assert [field.actions for field in SHOWN if not set(field.actions) <= set(GRANTS)] == []
    assert len({field.title for field in SHOWN}) == len(SHOWN)


STAFF = (
    "director",
    "curator",
    "inspector",
    "psychologist",
    "class_teacher",
    "methodical_union",
    "department_head",
    "accountant",
    "site_editor",
)


@pytest.fixture
def known(person: Participant, people: SimpleNamespace, school: Organisation) -> Participant:
    """The person with a word in every part of the card; the site editor is the mentor."""
    mentor = card(school, "Сомов Артём Денисович", user=people.site_editor)
    approve(submitted(people, form_pair(mentor, [person], people.curator)), people)
    agree(person, ConsentKind.PHOTO, people.curator, resources=["section"])
    Participant.objects.filter(pk=person.pk).update(photo="ab/photo.jpg")
    PastName.objects.create(participant=person, surname="Прежнева", given_name="Дарья", patronymic="Сергеевна")
    Course.objects.create(participant=person, title="Курс-канарейка", ended_on=day(-30))
    bank = BankCard.objects.create(
        participant=person, role="mentee", request="Запрос-канарейка", wishes="Пожелание-канарейка"
    )
    Interview.objects.create(
        card=bank,
        planned_for=day(-2),
        held_on=day(-2),
        state="held",
        record="Разговор-канарейка",
        conclusion="recommended",
        interviewer=people.curator,
    )
    return Participant.objects.get(pk=person.pk)


def everything(client: Client, person: Participant) -> str:
    """All that a reader can find about the person on pages that are about them."""
    bank = person.bank_cards.get()
    pages = [detail(person), reverse("bank_detail", args=[bank.pk])]
    pages.append(reverse("interview_detail", args=[bank.interviews.get().pk]))
    pages += [reverse("pair_detail", args=[pair.pk]) for pair in Pair.objects.of(person)]
    pages.append(access(person))
    answers = [client.get(page) for page in pages]
    return "".join(answer.content.decode() for answer in answers if answer.status_code == 200)


def watches(name: str, title: str, person: Participant, people: SimpleNamespace) -> bool:
    """Whether the table names this member of the staff among those who see the field."""
    return any(getattr(people, name).full_name in names for names in declared(person, title).values())


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Телефон и электронная почта", "+7 900"),
        ("Год рождения и прежние имена", "Прежнева"),
        ("Фотография", "/photo/"),
        ("Курсы, конкурсы, конференции", "Курс-канарейка"),
        ("Заметка куратора", "служебная заметка"),
        ("Согласия и отказы", "Обработка персональных данных"),
        ("Карточки в банках", "Пожелание-канарейка"),
        ("Затруднения и запрос", "Запрос-канарейка"),
        ("Собеседования", "Разговор-канарейка"),
        ("События карточки", "Записано согласие"),
        ("Эта страница", "Кто открывал карточку за год"),
    ],
)
def test_pages_show_what_the_table_declares(title: str, words: str, known, people, client_of) -> None:
    """Everybody of the staff reads all they can: the words are there exactly for those whom the table names."""
    seen = {name: words in everything(client_of(getattr(people, name)), known) for name in STAFF}
    assert seen == {name: watches(name, title, known, people) for name in STAFF}
    assert any(seen.values())


@pytest.mark.parametrize(("title", "url_of"), [("Имя, должность, стаж, категория", "card"), ("Пары и группы", "pair")])
def test_pages_open_to_those_whom_the_table_names(title: str, url_of: str, known, people, client_of) -> None:
    pair = Pair.objects.of(known).get()
    url = detail(known) if url_of == "card" else reverse("pair_detail", args=[pair.pk])
    opened = {name: client_of(getattr(people, name)).get(url).status_code == 200 for name in STAFF}
    assert opened == {name: watches(name, title, known, people) for name in STAFF}


def test_date_of_birth_is_for_the_curator_and_the_class_teacher(school, people, client_of) -> None:
    born = dt.date(timezone.localdate().year - 14, 3, 7)
    pupil = card(
        school, "Юнга Иван Ильич", category=Category.PUPIL, class_teacher=people.class_teacher, birth_date=born
    )
    words = f"7 марта {born.year}"
    seen = {name: words in client_of(getattr(people, name)).get(detail(pupil)).content.decode() for name in STAFF}
    assert seen == {name: watches(name, "Дата рождения", pupil, people) for name in STAFF}
    assert [name for name in STAFF if seen[name]] == ["curator", "class_teacher"]


def test_a_line_with_a_wrong_action_would_be_noticed(known, people, client_of) -> None:
    """The note under the action of the whole card: the pages disagree for the director."""
    html = everything(client_of(people.director), known)
    assert "служебная заметка" not in html
    assert watches("director", SHOWN[0].title, known, people)


# --- Names ------------------------------------------------------------------------------------------------------------
def test_lines_name_who_holds_the_role_today(person, people) -> None:
    assert declared(person, "Эта страница") == {
        "Директор": ["Громова Елена Павловна"],
        "Куратор": ["Лебедева Ольга Викторовна"],
        "Проверяющий": ["Ревякин Пётр Ильич"],
    }
    Membership.objects.filter(user=people.inspector).update(ends_on=day(-1))
    assert declared(person, "Эта страница")["Проверяющий"] == []


def test_people_of_another_school_are_not_named(person, people, canary) -> None:
    assert [word for word in canary if word in str(seen_by(person))] == []


def test_mentor_is_named_while_the_pair_works(person, school, people) -> None:
    mentor = card(school, "Верескова Алла Петровна", user=people.psychologist)
    pair = form_pair(mentor, [person], people.curator)
    assert "Наставник" not in declared(person, SHOWN[0].title)
    approve(submitted(people, pair), people)
    assert declared(person, SHOWN[0].title)["Наставник"] == ["Тихая Анна Львовна"]


def test_class_teacher_is_named_for_pupils(school, people) -> None:
    pupil = card(
        school, "Юнга Иван Ильич", category=Category.PUPIL, class_teacher=people.class_teacher, birth_date=day(-5000)
    )
    assert declared(pupil, SHOWN[0].title)["Классный руководитель"] == ["Дневникова Ирина Олеговна"]


def test_no_municipality_sees_a_card(person) -> None:
    found = {watcher.role for line in seen_by(person) for watcher in line.watchers}
    assert Role.MUNICIPAL.label not in found
    assert all(how is not Reach.TERRITORY for field in SHOWN for how in field.reach.values())


# --- What everybody sees ----------------------------------------------------------------------------------------------
def shown(person: Participant) -> list[str]:
    return [label for label, is_shown in publicity_of(person).fields if is_shown]


def test_public_now_follows_the_live_consent(person, people) -> None:
    assert (shown(person), publicity_of(person).since) == ([], None)
    consent = agree(
        person, ConsentKind.DISSEMINATION, people.curator, shown=["name", "post"], resources=["section", "site"]
    )
    found = publicity_of(person)
    assert shown(person) == ["фамилия, имя, отчество", "должность и предмет"]
    assert (found.since, len(found.places)) == (consent.signed_on, 2)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    assert (shown(person), publicity_of(person).places) == ([], [])


def test_consent_for_other_places_shows_nothing_here(person, people) -> None:
    agree(person, ConsentKind.DISSEMINATION, people.curator, shown=["name"], resources=["site"])
    assert shown(person) == []


def test_minor_is_never_shown(school, people) -> None:
    pupil = card(school, "Юнга Иван Ильич", category=Category.PUPIL, birth_date=day(-5000))
    Consent.objects.create(
        participant=pupil,
        kind=ConsentKind.DISSEMINATION,
        signed_on=day(-1),
        fields=["name"],
        resources=["section"],
        recorded_by=people.curator,
    )
    assert (shown(pupil), publicity_of(pupil).is_minor) == ([], True)


def test_transfer_to_the_municipality_is_told(person, people, client_of) -> None:
    client = client_of(people.teacher)
    assert "видит только числа" in client.get(access(person)).content.decode()
    consent = agree(person, ConsentKind.TRANSFER, people.curator)
    assert publicity_of(person).transfer_since == consent.signed_on
    assert "действует с" in client.get(access(person)).content.decode()


# --- Who has opened the card ------------------------------------------------------------------------------------------
def test_opening_is_remembered_once_a_day(person, people, client_of) -> None:
    client = client_of(people.director)
    for _ in range(2):
        client.get(detail(person))
    assert CardView.objects.values_list("participant", "user", "day").get() == (
        person.pk,
        people.director.pk,
        day(0),
    )
    CardView.objects.update(day=day(-1))
    client.get(detail(person))
    assert CardView.objects.count() == 2


def test_owner_and_refused_leave_no_mark(person, people, client_of) -> None:
    client_of(people.teacher).get(detail(person))
    client_of(people.teacher).get(OWN_CARD)
    assert client_of(people.accountant).get(detail(person)).status_code == 403
    assert client_of(people.stranger).get(detail(person)).status_code == 404
    assert CardView.objects.count() == 0


def test_list_of_openings_shows_the_last_year(person, people, client_of) -> None:
    note_view(person=person, actor=people.director)
    CardView.objects.create(participant=person, user=people.inspector, day=day(-400))
    CardView.objects.create(participant=person, user=people.psychologist, day=day(-300))
    html = client_of(people.teacher).get(access(person)).content.decode()
    table = html[html.index('id="views"') :]
    assert [name in table for name in ("Громова Елена Павловна", "Тихая Анна Львовна", "Ревякин")] == [
        True,
        True,
        False,
    ]
    assert [view.user for view in views_of(person)] == [people.director, people.psychologist]


@pytest.mark.parametrize("size", [1, 3])
def test_page_costs_the_same(size: int, person, people, client_of, queries) -> None:
    for name in ("director", "inspector", "psychologist")[:size]:
        note_view(person=person, actor=getattr(people, name))
    assert queries(client_of(people.curator), access(person)) == 15


def test_long_list_goes_page_by_page(person, people, client_of) -> None:
    CardView.objects.bulk_create(
        CardView(participant=person, user=people.director, day=timezone.localdate() - dt.timedelta(days=number))
        for number in range(60)
    )
    client = client_of(people.curator)
    assert [len(client.get(f"{access(person)}?page={page}").context["views"]) for page in (1, 2)] == [50, 10]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("curator", 200),
        ("director", 200),
        ("inspector", 200),
        ("teacher", 200),
        ("psychologist", 403),
        ("accountant", 403),
        ("stranger", 404),
        ("municipal", 404),
    ],
)
def test_page_is_for_the_person_and_those_in_charge(who: str, status: int, person, people, client_of) -> None:
    assert client_of(getattr(people, who)).get(access(person)).status_code == status


def test_teacher_cannot_read_of_a_colleague(school, person, people, client_of) -> None:
    other = card(school, "Теслина Светлана Николаевна")
    assert client_of(people.teacher).get(access(other)).status_code == 403


def test_own_card_leads_here(person, people, client_of) -> None:
    assert access(person) in client_of(people.teacher).get(OWN_CARD).content.decode()
    assert access(person) in client_of(people.director).get(detail(person)).content.decode()
    assert access(person) not in client_of(people.psychologist).get(detail(person)).content.decode()
