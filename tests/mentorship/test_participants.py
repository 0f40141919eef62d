"""Cards of people: opening and changing them, names in every case, namesakes, the list."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from core.models import JournalEntry
from mentorship.models import Category, Consent, ConsentKind, Course, Pair, Participant, Post
from mentorship.services.participants import add_post
from tests.mentorship.builders import agree, card, day, form_pair

LIST, NEW = "/cabinet/participants/", "/cabinet/participants/new/"


def card_data(**more: object) -> dict:
    return {
        "surname": "Теслина",
        "given_name": "Светлана",
        "patronymic": "Николаевна",
        "gender": "",
        "category": "teacher",
        "qualification": "",
        **more,
    }


def names(response) -> list[str]:
    return [row.person.surname for row in response.context["rows"]]


# --- Opening a card ---------------------------------------------------------------------------------------------------
def test_new_card_declines_the_name_and_starts_a_post(people, client_of) -> None:
    data = card_data(post_title="учитель химии", post_starts_on=day(-3).isoformat())
    response = client_of(people.curator).post(NEW, data)
    person = Participant.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/cabinet/participants/{person.pk}/")
    assert (person.full_name, person.gender, person.post) == ("Теслина Светлана Николаевна", "f", "учитель химии")
    assert person.forms["accusative"] == "Теслину Светлану Николаевну"
    assert (person.forms_checked, person.form_doubts) == (False, [])
    assert list(JournalEntry.objects.about(person).values_list("event", flat=True)) == [
        "mentorship.post.add",
        "mentorship.participant.add",
    ]


def test_new_card_tidies_spaces_and_capitals(people, client_of) -> None:
    data = card_data(surname="  ИВАНОВА-ПЕТРОВА ", given_name="анна-мария", patronymic="ГУСЕЙН  кызы")
    client_of(people.curator).post(NEW, data)
    assert Participant.objects.get().full_name == "Иванова-Петрова Анна-Мария Гусейн кызы"


def test_gender_is_asked_where_the_name_does_not_tell(people, client_of) -> None:
    client = client_of(people.curator)
    nameless = card_data(surname="Ким", given_name="Саша", patronymic="")
    response = client.post(NEW, nameless)
    assert "По этому имени пол не определить" in response.content.decode()
    assert (response.status_code, Participant.objects.count()) == (200, 0)
    assert client.post(NEW, {**nameless, "gender": "m"}).status_code == 302
    assert Participant.objects.get().gender == "m"


def test_doubtful_name_leads_to_its_forms(people, client_of) -> None:
    client = client_of(people.curator)
    response = client.post(NEW, card_data(surname="Кваша", given_name="Игорь", patronymic="Ильич"), follow=True)
    person = Participant.objects.get()
    assert response.redirect_chain == [(reverse("participant_forms", args=[person.pk]), 302)]
    assert "Где портал не уверен" in response.content.decode()


def test_namesake_is_shown_once_and_may_be_confirmed(people, school, client_of) -> None:
    """Ё and Е, capitals and small letters are the same name."""
    known = card(school, "Шмелёва Алёна Петровна")
    client = client_of(people.curator)
    data = card_data(surname="ШМЕЛЕВА", given_name="Алена", patronymic="Петровна")
    asked = client.post(NEW, data)
    html = asked.content.decode()
    assert (asked.status_code, Participant.objects.count()) == (200, 1)
    assert "Похоже, такая карточка уже есть" in html
    assert f'href="/cabinet/participants/{known.pk}/"' in html
    assert asked.context["form"]["confirmed"].value() == "Шмелева Алена Петровна"
    done = client.post(NEW, {**data, "confirmed": "Шмелева Алена Петровна"})
    assert (done.status_code, Participant.objects.count()) == (302, 2)


def test_confirmation_of_one_name_does_not_cover_another(people, school, client_of) -> None:
    card(school, "Шмелёва Алёна Петровна")
    data = card_data(surname="Шмелева", given_name="Алена", patronymic="Петровна", confirmed="Теслина Анна Львовна")
    assert client_of(people.curator).post(NEW, data).status_code == 200
    assert Participant.objects.count() == 1


def test_namesake_of_another_school_is_nobody_here(people, other_school, client_of) -> None:
    card(other_school, "Теслина Светлана Николаевна")
    assert client_of(people.curator).post(NEW, card_data()).status_code == 302


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"surname": "Ы" * 10_000}, "не более 80 символов"),
        ({"surname": "<script>"}, "Имя пишется буквами"),
        ({"surname": " "}, "Обязательное поле."),
        ({"works_since": "2999-01-01"}, "Проверьте год."),
        ({"works_since": "32.13.2020"}, "Введите правильную дату."),
        ({"birth_year": "1"}, "1920"),
        ({"birth_year": "9" * 30}, "2020"),
        ({"category": "ghost"}, "Выберите корректный вариант"),
        ({"user": "999999"}, "Выберите корректный вариант"),
        ({"email": "нет"}, "Введите правильный адрес электронной почты"),
        ({"note": "н" * 2001}, "не более 2000 символов"),
        ({"post_title": "д" * 201}, "не более 200 символов"),
        ({"post_starts_on": "0001-01-01"}, "Проверьте год."),
    ],
)
def test_bad_card_is_explained(people, client_of, more: dict, words: str) -> None:
    response = client_of(people.curator).post(NEW, card_data(**more))
    assert (response.status_code, words in response.content.decode(), Participant.objects.count()) == (200, True, 0)


def test_nul_in_a_name_is_refused(people, client_of) -> None:
    assert client_of(people.curator).post(NEW, card_data(surname="Тес\0лина")).status_code == 400


def test_login_of_another_school_cannot_be_tied(people, client_of) -> None:
    response = client_of(people.curator).post(NEW, card_data(user=people.stranger.pk))
    assert (response.status_code, Participant.objects.count()) == (200, 0)


def test_login_is_tied_to_one_card(people, school, client_of) -> None:
    card(school, "Мелова Дарья Сергеевна", user=people.teacher)
    response = client_of(people.curator).post(NEW, card_data(user=people.teacher.pk))
    assert (response.status_code, Participant.objects.count()) == (200, 1)


# --- Changing it ------------------------------------------------------------------------------------------------------
def edit_url(person: Participant) -> str:
    return reverse("participant_edit", args=[person.pk])


def test_new_surname_is_declined_anew_and_unchecked(people, school, client_of) -> None:
    person = card(school, "Теслина Светлана Николаевна")
    data = card_data(surname="Орлова", gender="f", name_kind="mistake")
    client_of(people.curator).post(edit_url(person), data)
    person.refresh_from_db()
    assert (person.forms["dative"], person.forms_checked) == ("Орловой Светлане Николаевне", False)
    entry = JournalEntry.objects.about(person).get()
    assert entry.changes == [{"field": "Фамилия", "old": "Теслина", "new": "Орлова"}]


def test_change_of_something_else_keeps_the_checked_forms(people, school, client_of) -> None:
    person = card(school, "Теслина Светлана Николаевна", forms_checked=True)
    client_of(people.curator).post(edit_url(person), card_data(gender="f", note="читает лекции"))
    person.refresh_from_db()
    assert (person.note, person.forms_checked) == ("читает лекции", True)


def test_saving_nothing_writes_no_history(people, school, client_of, journal_count) -> None:
    person = card(school, "Теслина Светлана Николаевна")
    before = journal_count()
    client_of(people.curator).post(edit_url(person), card_data(gender="f"))
    assert journal_count() == before


def test_forms_page_confirms_and_remembers_the_correction(people, school, client_of) -> None:
    person = card(school, "Кваша Игорь Ильич", forms_checked=False)
    url = reverse("participant_forms", args=[person.pk])
    data = {**person.forms, "instrumental": "Квашой  Игорем Ильичом"}
    assert client_of(people.curator).post(url, data).status_code == 302
    person.refresh_from_db()
    assert (person.forms["instrumental"], person.forms_checked, person.form_doubts) == (
        "Квашой Игорем Ильичом",
        True,
        [],
    )
    assert JournalEntry.objects.about(person).get().event == "mentorship.participant.forms"


def test_forms_page_refuses_an_empty_form(people, school, client_of) -> None:
    person = card(school, "Кваша Игорь Ильич", forms_checked=False)
    url = reverse("participant_forms", args=[person.pk])
    assert client_of(people.curator).post(url, {**person.forms, "dative": ""}).status_code == 200
    person.refresh_from_db()
    assert person.forms_checked is False


# --- Facts ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("since", "flag", "young"),
    [(day(-365 * 3 + 5), False, True), (day(-365 * 3 - 5), False, False), (None, False, False), (None, True, True)],
)
def test_young_is_the_same_in_the_list_and_on_the_card(people, school, since, flag: bool, young: bool) -> None:
    person = card(school, "Теслина Светлана Николаевна", works_since=since, young_flag=flag)
    assert (person.is_young, list(Participant.objects.young(day(0)))) == (young, [person] if young else [])


def test_young_specialist_on_the_very_day(people, school) -> None:
    today = day(0)
    day_of_joining = today.replace(year=today.year - 3, day=min(today.day, 28))
    person = card(school, "Теслина Светлана Николаевна", works_since=day_of_joining)
    assert person.is_young is Participant.objects.young(today).exists()


@pytest.mark.parametrize(
    ("since", "qualification", "words"),
    [
        (dt.date(2005, 9, 1), "highest", "21 год, высшая категория"),
        (dt.date(2026, 9, 1), "", "меньше года"),
        (None, "mentor", "педагог-наставник"),
        (None, "", ""),
    ],
)
def test_experience_in_words(school, since, qualification: str, words: str) -> None:
    person = Participant(organisation=school, works_since=since, qualification=qualification)
    assert person.experience_words(dt.date(2026, 11, 21)) == words


# --- The list ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def staff(school, people, reference) -> list[Participant]:
    found = [
        card(school, "Ёлкина Анна Петровна", young_flag=True),
        card(school, "Елисеев Пётр Семёнович"),
        card(school, "Яшина Семёна Егоровна", "учитель музыки", category=Category.HEAD),
        card(school, "Жуков Ян Ильич", left_on=day(-1)),
    ]
    found[1].posts.update(department="Кафедра точных наук")
    Course.objects.create(participant=found[1], title="Курс", ended_on=day(-400), valid_until=day(20))
    return found


@pytest.fixture
def pupil(school) -> Participant:
    return card(school, "Яблокова Ева Ильинична", "", category=Category.PUPIL, class_name="9 «Б»")


def test_list_sorts_yo_beside_ye_and_hides_those_who_left(staff, people, client_of) -> None:
    assert names(client_of(people.curator).get(LIST)) == ["Елисеев", "Ёлкина", "Яшина"]
    assert names(client_of(people.curator).get(f"{LIST}?left=on")) == ["Жуков"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=елкина", ["Ёлкина"]),
        ("q=петр+семен", ["Елисеев"]),
        ("q=ёлисеев", ["Елисеев"]),
        ("q=%25", []),
        ("category=head", ["Яшина"]),
        ("category=ghost", ["Елисеев", "Ёлкина", "Яблокова", "Яшина"]),
        ("young=on", ["Ёлкина"]),
        ("work=музыки", ["Яшина"]),
        ("work=УЧИТЕЛЬ+физ", ["Елисеев", "Ёлкина"]),
        ("work=кафедра+точных", ["Елисеев"]),
        ("work=9+б", ["Яблокова"]),
        ("courses=on", ["Елисеев"]),
        ("page=999", ["Елисеев", "Ёлкина", "Яблокова", "Яшина"]),
        ("page=abc&q=" + "я" * 5000, ["Елисеев", "Ёлкина", "Яблокова", "Яшина"]),
    ],
)
def test_list_is_narrowed_by_its_filter(staff, pupil, people, client_of, query: str, found: list[str]) -> None:
    assert names(client_of(people.curator).get(f"{LIST}?{query}")) == found


def test_list_is_narrowed_by_pairs_and_consents(staff, people, client_of) -> None:
    form_pair(staff[2], [staff[0]], people.curator)
    agree(staff[1], ConsentKind.PROCESSING, people.curator)
    client = client_of(people.curator)
    assert names(client.get(f"{LIST}?pair=with")) == ["Ёлкина", "Яшина"]
    assert names(client.get(f"{LIST}?pair=without")) == ["Елисеев"]
    assert names(client.get(f"{LIST}?consent=processing")) == ["Ёлкина", "Яшина"]


def test_list_says_what_to_do_when_empty(school, people, client_of) -> None:
    client = client_of(people.curator)
    assert "Участников пока нет" in client.get(LIST).content.decode()
    assert "Никто не подошёл" in client.get(f"{LIST}?q=никто").content.decode()


def test_list_and_card_cost_the_same_for_one_and_three(school, people, client_of, queries, reference) -> None:
    client = client_of(people.curator)
    mentor = card(school, "Верескова Алла Петровна")
    pair = form_pair(mentor, [card(school, "Ольхин Борис Викторович")], people.curator)
    agree(mentor, ConsentKind.PROCESSING, people.curator)
    urls = (LIST, reverse("participant_detail", args=[mentor.pk]))
    # The kinds of objects that the history speaks of are asked for once in the life of a process.
    ContentType.objects.get_for_models(Participant, Consent, Pair, Post)
    first = [queries(client, url) for url in urls]
    for number, surname in enumerate(("Осокина", "Ракитина")):
        person = card(school, f"{surname} Мария Ильинична")
        form_pair(mentor, [person], people.curator)
        agree(mentor, ConsentKind.DISSEMINATION if number else ConsentKind.MENTOR, people.curator)
        add_post(participant=mentor, actor=people.curator, title="методист", starts_on=day(-1))
        agree(person, ConsentKind.PROCESSING, people.curator)
    assert pair.pk
    assert [queries(client, url) for url in urls] == first


# --- Who sees what ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "listed", "seen", "changed"),
    [
        ("curator", 200, 200, 200),
        ("director", 200, 200, 403),
        ("inspector", 200, 200, 403),
        ("psychologist", 200, 200, 403),
        ("teacher", 403, 403, 403),
        ("class_teacher", 200, 403, 403),
        ("stranger", 200, 404, 404),
        ("municipal", 403, 404, 404),
    ],
)
def test_pages_of_people_ask_the_table(
    school, people, client_of, who: str, listed: int, seen: int, changed: int
) -> None:
    person = card(school, "Теслина Светлана Николаевна", "учитель химии")
    client = client_of(getattr(people, who))
    assert client.get(LIST).status_code == listed
    assert client.get(reverse("participant_detail", args=[person.pk])).status_code == seen
    own = [reverse(name, args=[person.pk]) for name in ("participant_edit", "participant_forms")]
    assert {client.get(url).status_code for url in own} == {changed}


def test_list_never_shows_the_other_school(school, other_school, people, client_of, canary) -> None:
    card(other_school, "Чужестранов Фома Игоревич")
    html = client_of(people.curator).get(LIST).content.decode()
    assert [word for word in canary if word in html] == []
    assert names(client_of(people.stranger).get(LIST)) == ["Чужестранов"]


def test_get_changes_nothing(school, people, client_of, journal_count) -> None:
    person = card(school, "Теслина Светлана Николаевна", "учитель химии")
    client, before = client_of(people.curator), journal_count()
    pages = ("participant_detail", "participant_edit", "participant_forms", "post_new", "participant_leave")
    for name in (*pages, "course_new", "achievement_new", "participant_photo_edit", "participant_return"):
        client.get(reverse(name, args=[person.pk]))
    assert journal_count() == before
