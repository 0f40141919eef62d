"""A card: who sees what of a person, and the sections that the areas add."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.attention import panels_for
from accounts.models import Membership, User
from mentorship.models import Achievement, Category, ConsentKind, Course, Pair, PairState, Participant, PastName
from mentorship.services.departures import leave
from mentorship.views import card_parts
from tests.mentorship.builders import agree, approved_order, card, day

OWN = "/cabinet/card/"
BORN = day(-365 * 15)


def url_of(person: Participant) -> str:
    return reverse("participant_detail", args=[person.pk])


@pytest.fixture
def full(school, people) -> Participant:
    """A card with a word in every corner."""
    person = card(
        school,
        "Ольшанский Борис Викторович",
        "учитель физики",
        phone="+7 900",
        email="olsh@example.org",
        note="тайная заметка",
        birth_year=1991,
        works_since=day(-365 * 5 - 9),
    )
    PastName.objects.create(participant=person, surname="Прежнев", given_name="Борис", until=day(-90))
    Course.objects.create(participant=person, title="Курс физика", ended_on=day(-30))
    Achievement.objects.create(participant=person, kind="contest", title="Олимпиада", level="school", held_on=day(-9))
    return person


WORDS = {
    "post": "учитель физики",
    "experience": "5 лет",
    "phone": "+7 900",
    "email": "olsh@example.org",
    "year": "<dd>1991</dd>",
    "earlier": "Прежнев",
    "note": "тайная заметка",
    "course": "Курс физика",
    "contest": "Олимпиада",
    "history": '<h2 id="hist"',
    "consents": "Отметить подпись",
}


def told(html: str) -> set[str]:
    return {name for name, word in WORDS.items() if word in html}


@pytest.mark.parametrize(
    ("who", "hidden"),
    [
        ("curator", set()),
        ("director", {"phone", "email", "note", "consents"}),
        ("inspector", {"phone", "email", "note", "consents"}),
        ("psychologist", {"phone", "email", "note", "consents", "history"}),
    ],
)
def test_card_shows_each_reader_what_they_may_know(full, people, client_of, who: str, hidden: set) -> None:
    assert set(WORDS) - told(client_of(getattr(people, who)).get(url_of(full)).content.decode()) == hidden


# --- The owner --------------------------------------------------------------------------------------------------------
def test_owner_reads_the_own_card_without_note_and_history(full, people, client_of) -> None:
    Participant.objects.filter(pk=full.pk).update(user=people.teacher)
    client = client_of(people.teacher)
    for url in (OWN, url_of(full)):
        html = client.get(url).content.decode()
        assert set(WORDS) - told(html) == {"note", "history", "consents"}
        assert ("Кто видит мои данные" in html, "Формы имени" in html, "Выбытие" in html) == (True, False, False)


def test_own_card_is_the_card_of_the_reader_alone(pair: Pair, people, client_of) -> None:
    """A mentor who also opens others' cards still has one own card."""
    Participant.objects.filter(pk=pair.mentor_id).update(user=people.teacher)
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=approved_order(pair.organisation, people))
    assert client_of(people.teacher).get(OWN).context["person"] == pair.mentor
    Participant.objects.filter(pk=pair.mentor_id).update(user=None)
    Participant.objects.filter(pk=pair.mentees[0].pk).update(user=people.teacher)
    assert client_of(User.objects.get(pk=people.teacher.pk)).get(OWN).context["person"] == pair.mentees[0]


def test_card_tells_a_teacher_without_one_what_to_do(people, client_of) -> None:
    assert "Вашей карточки пока нет" in client_of(people.teacher).get(OWN).content.decode()


# --- The mentor -------------------------------------------------------------------------------------------------------
@pytest.fixture
def led(pair: Pair, full, people) -> Pair:
    """A pair in force whose mentee is the full card; the mentor signs in as a teacher."""
    Participant.objects.filter(pk=pair.mentor_id).update(user=people.teacher)
    pair.members.update(mentee=full)
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=approved_order(pair.organisation, people))
    return Pair.objects.get(pk=pair.pk)


def test_mentor_reads_of_the_mentee_what_the_work_needs(led: Pair, full, people, client_of) -> None:
    html = client_of(people.teacher).get(url_of(full)).content.decode()
    assert told(html) == {"post", "experience", "phone", "email"}
    assert f'href="{reverse("pair_detail", args=[led.pk])}"' in html


def test_director_who_mentors_reads_the_contacts_too(led: Pair, full, people, client_of) -> None:
    Participant.objects.filter(pk=led.mentor_id).update(user=people.director)
    html = client_of(people.director).get(url_of(full)).content.decode()
    assert set(WORDS) - told(html) == {"note", "consents"}


def test_mentor_reads_the_mentee_only_while_the_pair_works(led: Pair, full, second, people, client_of) -> None:
    def status(person: Participant) -> int:
        return client_of(User.objects.get(pk=people.teacher.pk)).get(url_of(person)).status_code

    assert (status(full), status(second)) == (200, 403)
    Pair.objects.filter(pk=led.pk).update(ends_on=day(-1))
    assert status(full) == 403


def test_mentor_from_outside_finds_nothing_after_the_pair(led: Pair, full, people, client_of) -> None:
    """Without any other role in the school the address itself is unknown."""
    Membership.objects.filter(user=people.teacher).update(ends_on=day(-1))
    assert client_of(people.teacher).get(url_of(full)).status_code == 200
    Pair.objects.filter(pk=led.pk).update(ends_on=day(-1))
    assert client_of(User.objects.get(pk=people.teacher.pk)).get(url_of(full)).status_code == 404


def test_mentor_who_has_left_reads_nothing_though_the_pair_still_works(led: Pair, full, people, client_of) -> None:
    client = client_of(people.teacher)
    leave(participant=led.mentor, left_on=day(-1), reason="увольнение", actor=people.curator)
    assert Pair.objects.get(pk=led.pk).state == PairState.ACTIVE
    assert client.get(url_of(full)).status_code == 404


def test_pair_and_home_lead_the_mentor_to_the_card(led: Pair, full, people, client_of) -> None:
    reader = User.objects.get(pk=people.teacher.pk)
    page = client_of(reader).get(reverse("pair_detail", args=[led.pk]))
    assert [bool(member.url) for member in page.context["members"]] == [True, True]
    panel = next(one for one in panels_for(reader, led.organisation, day(0)) if one.title == "Ваша пара")
    assert [(row["leads"], row["mentees"]) for row in panel.data] == [(True, [full])]
    assert f'href="{url_of(full)}"' in client_of(reader).get("/cabinet/").content.decode()


def test_mentee_does_not_read_the_card_of_the_mentor(led: Pair, full, people, client_of) -> None:
    Participant.objects.filter(pk=led.mentor_id).update(user=None)
    Participant.objects.filter(pk=full.pk).update(user=people.teacher)
    reader = User.objects.get(pk=people.teacher.pk)
    page = client_of(reader).get(reverse("pair_detail", args=[led.pk]))
    assert [bool(member.url) for member in page.context["members"]] == [False, True]
    assert client_of(reader).get(url_of(led.mentor)).status_code == 403


# --- The class teacher ------------------------------------------------------------------------------------------------
@pytest.fixture
def pupil(school, people) -> Participant:
    return card(
        school,
        "Рогов Матвей Денисович",
        "",
        category=Category.PUPIL,
        birth_date=BORN,
        birth_year=BORN.year,
        class_name="9 «Б»",
        class_teacher=people.class_teacher,
        phone="+7 911",
        note="тайная заметка",
    )


def test_class_teacher_lists_and_reads_the_own_pupils_alone(pupil, second, people, client_of) -> None:
    client = client_of(people.class_teacher)
    page = client.get("/cabinet/participants/")
    assert ([row.person for row in page.context["rows"]], page.context["may_add"]) == ([pupil], False)
    assert [client.get(url_of(person)).status_code for person in (pupil, second)] == [200, 403]


def test_class_teacher_sees_contacts_but_not_the_note(pupil, people, client_of) -> None:
    html = client_of(people.class_teacher).get(url_of(pupil)).content.decode()
    assert ("+7 911" in html, "тайная заметка" in html, "Формы имени" in html) == (True, False, False)
    assert ("Пар нет" in html, "Пар нет" in client_of(people.inspector).get(url_of(pupil)).content.decode()) == (
        False,
        True,
    )


def test_class_teacher_of_another_year_reads_nothing(pupil, people, client_of) -> None:
    Membership.objects.filter(user=people.class_teacher).update(ends_on=day(-1))
    assert client_of(people.class_teacher).get(url_of(pupil)).status_code == 404


def test_class_teacher_of_another_school_does_not_keep_the_pupils(pupil, other_school, people, client_of) -> None:
    """The role counts where it is held: a card that still names the person opens no more."""
    Membership.objects.filter(user=people.class_teacher).update(organisation=other_school)
    client = client_of(people.class_teacher)
    assert client.get(url_of(pupil)).status_code == 404
    assert client.get("/cabinet/participants/").context["rows"] == []


def test_class_teacher_records_a_consent_of_the_pupil(pupil, people) -> None:
    signed = {"representative": "Рогова Анна Сергеевна", "relation": "мать", "own_signature": True}
    assert agree(pupil, ConsentKind.PROCESSING, people.class_teacher, **signed).recorded_by == people.class_teacher


@pytest.mark.parametrize(
    ("who", "date_shown"),
    [("curator", True), ("class_teacher", True), ("director", False), ("inspector", False), ("psychologist", False)],
)
def test_full_date_of_birth_is_for_curator_and_class_teacher(pupil, people, client_of, who: str, date_shown) -> None:
    facts = client_of(getattr(people, who)).get(url_of(pupil)).context["facts"]
    assert [value for label, value in facts if "рождения" in label] == [BORN if date_shown else BORN.year]


def test_administration_shows_neither_date_of_birth_nor_note(pupil, people, client_of) -> None:
    Membership.objects.create(user=people.admin, organisation=pupil.organisation, role="administrator")
    page = client_of(people.admin).get(f"/admin/mentorship/participant/{pupil.pk}/change/")
    html = page.content.decode()
    assert (page.status_code, "Рогов" in html) == (200, True)
    assert [word for word in ("тайная заметка", "Дата рождения", "Фотография") if word in html] == []


# --- Sections ---------------------------------------------------------------------------------------------------------
def test_sections_stand_in_their_order_and_only_with_an_answer(full, people, client_of, monkeypatch) -> None:
    monkeypatch.setattr(card_parts, "CARD_PARTS", [])
    template = "mentorship/includes/chips.html"
    card_parts.register_part("mentorship/includes/card_lead.html", lambda request, person: None, 60)
    card_parts.register_part(template, lambda request, person: {"number": 2}, 90)
    card_parts.register_part(template, lambda request, person: {}, 10)
    parts = client_of(people.curator).get(url_of(full)).context["parts"]
    assert [(part.template, part.data) for part in parts] == [(template, {}), (template, {"number": 2})]


def test_a_section_is_registered_once(monkeypatch) -> None:
    monkeypatch.setattr(card_parts, "CARD_PARTS", [])

    def nothing(request, person) -> None:
        return None

    card_parts.register_part("a.html", nothing)
    card_parts.register_part("a.html", nothing)
    assert len(card_parts.CARD_PARTS) == 1


def test_card_of_a_pupil_has_no_sections_of_teachers(pupil, people, client_of) -> None:
    html = client_of(people.curator).get(url_of(pupil)).content.decode()
    assert [word for word in ("Курсы повышения квалификации", "Должность не указана", "Стаж") if word in html] == []


@pytest.mark.parametrize("size", [1, 3])
def test_card_costs_the_same_however_much_is_on_it(full, people, client_of, queries, size: int) -> None:
    for number in range(size - 1):
        Course.objects.create(participant=full, title=f"Курс {number}", ended_on=day(-number - 1))
        PastName.objects.create(participant=full, surname="Давнов", given_name="Борис", until=day(-900 - number))
        Achievement.objects.create(participant=full, kind="award", title="Г", level="school", held_on=day(-1))
    client = client_of(people.curator)
    queries(client, url_of(full))
    assert queries(client, url_of(full)) == 49
