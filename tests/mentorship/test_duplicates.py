"""Cards alike: asked about on creation, listed, told apart, compared and merged on the page."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.attention import queue_for
from accounts.permissions import Forbidden
from core.journal import record
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import NotSame, Participant, PastName, candidates_for
from mentorship.models.sameness import Double, doubles_in, in_groups
from mentorship.sameness import Index, Name
from mentorship.services.merging import differences_of
from mentorship.services.sameness import tell_apart
from tests.mentorship.builders import card, day, form_pair

LIST, NEW = "/cabinet/participants/duplicates/", "/cabinet/participants/new/"
INNA = "Щербакова Инна Вадимовна"


@pytest.fixture
def twins(school, people: SimpleNamespace) -> tuple[Participant, Participant]:
    return card(school, INNA, "учитель географии", phone="12-34"), card(school, "Щеpбакова Инна Вадимовна", "методист")


def merge_url(kept: Participant, absorbed: Participant) -> str:
    return reverse("participant_merge", args=[kept.pk, absorbed.pk])


def apart_url(first: Participant, second: Participant) -> str:
    return reverse("duplicate_dismiss", args=[first.pk, second.pk])


# --- Candidates -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (("Щеpбакова", "Инна", "Вадимовна"), "латинские буквы"),
        (("щербакова", "ИННА", "Вадимовна"), "то же имя, написано иначе"),
        (("Щербакова-Ким", "Инна", "Вадимовна"), "двойная фамилия: Щербакова и Щербакова-Ким"),
        (("Щербокова", "Инна", "Вадимовна"), "одна опечатка в фамилии"),
        (("Щербакова", "И.", "В."), "инициалы"),
        (("Щербакова", "Инна", ""), "та же фамилия и имя, отчество не указано"),
        (("Котова", "Инна", "Вадимовна"), "прежняя фамилия: Котова"),
        (("Лисина", "Инна", "Вадимовна"), None),
    ],
)
def test_candidates_are_found_with_a_reason(name: tuple[str, str, str], reason: str | None, school) -> None:
    known = card(school, INNA)
    card(school, "Орлов Пётр Ильич")
    PastName.objects.create(participant=known, surname="Котова", given_name="Инна", patronymic="Вадимовна")
    found = [(one.person, one.reason) for one in candidates_for(school, *name)]
    assert found == ([(known, reason)] if reason else [])


def test_candidates_are_of_the_own_school(school, other_school) -> None:
    card(other_school, INNA)
    assert candidates_for(school, "Щербакова", "Инна", "Вадимовна") == []


def test_other_year_of_birth_leaves_only_the_very_name(school) -> None:
    card(school, INNA, birth_year=1980)
    asked = [("Щербакова", "Инна", "Вадимовна", 1990), ("Щербокова", "Инна", "Вадимовна", 1990)]
    found = [[one.reason for one in candidates_for(school, *name)] for name in asked]
    assert found == [["то же имя; год рождения разный"], []]


@pytest.mark.parametrize("size", [1, 12])
def test_candidates_cost_the_same_whatever_the_bank(size: int, school) -> None:
    for _ in range(size):
        card(school, INNA)
    with CaptureQueriesContext(connection) as captured:
        assert len(candidates_for(school, "Щербакова", "Инна", "Вадимовна")) == size
    assert len(captured) == 4


NAMES = st.tuples(
    st.sampled_from(["Щербакова", "Щербокова", "Щеpбакова", "Щербакова-Ким", "Ким", "Семёнова", "Семенова"]),
    st.sampled_from(["Инна", "инна", "И.", "Наталия", "Наталья"]),
    st.sampled_from(["Вадимовна", "В.", "Геннадиевна", "Геннадьевна", ""]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bank=st.lists(NAMES, max_size=6), wanted=NAMES)
def test_database_leaves_nobody_out(bank: list, wanted: tuple, school) -> None:
    """The narrowing by SQL finds exactly what comparing with everybody finds."""
    Participant.objects.all().delete()
    people = Participant.objects.bulk_create(
        Participant(organisation=school, surname=one[0], given_name=one[1], patronymic=one[2], gender="f")
        for one in bank
    )
    index = Index((person.pk, Name(person.surname, person.given_name, person.patronymic)) for person in people)
    found = {(one.person.pk, one.reason) for one in candidates_for(school, *wanted)}
    assert found == set(index.like(Name(*wanted)))


def test_new_card_alike_is_asked_about_with_the_reason(school, people, client_of) -> None:
    known = card(school, INNA, "учитель географии")
    data = {"surname": "Щеpбакова", "given_name": "Инна", "patronymic": "Вадимовна", "category": "teacher"}
    html = client_of(people.curator).post(NEW, data).content.decode()
    assert ("латинские буквы" in html, f'href="/cabinet/participants/{known.pk}/"' in html) == (True, True)
    assert Participant.objects.count() == 1


# --- The list ---------------------------------------------------------------------------------------------------------
def test_list_shows_each_pair_with_its_reason(twins, people, client_of) -> None:
    html = client_of(people.curator).get(LIST).content.decode()
    assert ("Латинские буквы" in html, merge_url(*twins) in html, apart_url(*twins) in html) == (True, True, True)


def test_empty_list_says_what_is_compared(people, client_of) -> None:
    assert "Повторов не нашлось" in client_of(people.curator).get(LIST).content.decode()


def test_three_cards_of_one_person_stand_together(school, people, client_of, twins) -> None:
    third = card(school, "Щербакова-Ким Инна Вадимовна")
    apart = [card(school, "Орлов Пётр Ильич"), card(school, "Орлов Петр Ильич")]
    groups = client_of(people.curator).get(LIST).context["groups"]
    assert [{person for pair in group for person in (pair.first, pair.second)} for group in groups] == [
        {*twins, third},
        set(apart),
    ]


def test_groups_join_through_a_common_card() -> None:
    pairs = [Double(1, 2, "а"), Double(3, 4, "б"), Double(2, 5, "в"), Double(4, 6, "г")]
    assert in_groups(pairs) == [[pairs[0], pairs[2]], [pairs[1], pairs[3]]]


@pytest.mark.parametrize("size", [1, 3])
def test_list_costs_the_same(size: int, school, people, client_of, queries) -> None:
    for number in range(size):
        for _ in range(2):
            card(school, f"{'АБВ'[number]}рлов Пётр Ильич")
    client = client_of(people.curator)
    assert queries(client, LIST) == 12
    assert len(client.get(LIST).context["groups"]) == size


def test_long_list_goes_page_by_page(school, people, client_of) -> None:
    for number in range(21):
        for _ in range(2):
            card(school, f"{'абвгдежзиклмнопрстуфхц'[number].upper()}рлов Пётр Ильич")
    client = client_of(people.curator)
    assert [len(client.get(f"{LIST}?page={page}").context["groups"]) for page in (1, 2)] == [20, 1]


@pytest.mark.parametrize(
    ("who", "status"), [("curator", 200), ("director", 403), ("teacher", 403), ("municipal", 403), ("stranger", 200)]
)
def test_list_is_the_curators(who: str, status: int, twins, people, client_of) -> None:
    response = client_of(getattr(people, who)).get(LIST)
    assert (response.status_code, INNA in response.content.decode()) == (status, who == "curator")


def test_curator_is_told_how_many(twins, school, people) -> None:
    def told(user) -> list[str]:
        return [one.title for one in queue_for(user, school, day(0)).now if "повтор" in one.title]

    assert (told(people.curator), told(people.director)) == (["Возможные повторы: 1"], [])
    tell_apart(first=twins[0], second=twins[1], actor=people.curator)
    assert told(people.curator) == []


# --- Told apart -------------------------------------------------------------------------------------------------------
def test_two_people_are_not_offered_again(twins, school, people, client_of) -> None:
    first, second = twins
    response = client_of(people.curator).post(apart_url(second, first))
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert NotSame.objects.values_list("first", "second", "decided_by").get() == (
        first.pk,
        second.pk,
        people.curator.pk,
    )
    assert doubles_in(school) == []
    assert [JournalEntry.objects.about(one).get().text for one in twins] == [
        "Похожая карточка — другой человек: Щеpбакова Инна Вадимовна.",
        "Похожая карточка — другой человек: Щербакова Инна Вадимовна.",
    ]


def test_verdict_twice_is_one_verdict(twins, people, journal_count) -> None:
    first, second = twins
    tell_apart(first=first, second=second, actor=people.curator)
    before = journal_count()
    tell_apart(first=second, second=first, actor=people.curator)
    assert (NotSame.objects.count(), journal_count()) == (1, before)


def test_card_is_not_told_apart_from_itself(twins, people, client_of) -> None:
    with pytest.raises(Refused):
        tell_apart(first=twins[0], second=twins[0], actor=people.curator)
    response = client_of(people.curator).post(apart_url(twins[0], twins[0]), follow=True)
    assert "две разные карточки" in response.content.decode()


@pytest.mark.parametrize("who", ["director", "teacher"])
def test_only_the_curator_tells_apart(who: str, twins, people) -> None:
    with pytest.raises(Forbidden):
        tell_apart(first=twins[0], second=twins[1], actor=getattr(people, who))


# --- Comparing and merging --------------------------------------------------------------------------------------------
def test_page_marks_what_differs_and_offers_a_choice(twins, people, client_of) -> None:
    response = client_of(people.curator).get(merge_url(*twins))
    html = response.content.decode()
    assert [line.label for line in response.context["lines"] if line.field] == ["Фамилия", "Телефон"]
    assert (html.count('type="radio"'), "12-34" in html, "методист" in html) == (4, True, True)
    assert "Другая фамилия — прежняя" not in html


def test_latin_letters_are_named_and_give_way(twins, people, client_of) -> None:
    first, second = twins
    remark = "Латинская буква «p» в слове «Щеpбакова»"
    client = client_of(people.curator)
    pages = [client.get(url).content.decode() for url in (LIST, merge_url(first, second))]
    assert [remark in html for html in pages] == [True, True]
    defaults = [differences_of(*pair)[0].default for pair in ((first, second), (second, first))]
    assert defaults == ["kept", "absorbed"]


def test_page_merges_by_the_choices(twins, people, client_of) -> None:
    first, second = twins
    response = client_of(people.curator).post(merge_url(*twins), {"surname": "absorbed", "phone": "kept"})
    assert (response.status_code, response["Location"]) == (302, f"/cabinet/participants/{first.pk}/")
    merged = Participant.objects.get()
    assert (merged.surname, merged.phone, merged.former_keys) == ("Щеpбакова", "12-34", [second.pk])


def test_page_remembers_an_earlier_surname(school, people, client_of) -> None:
    first, second = card(school, INNA), card(school, "Щербакова-Ким Инна Вадимовна")
    client = client_of(people.curator)
    assert "Другая фамилия — прежняя" in client.get(merge_url(first, second)).content.decode()
    client.post(merge_url(first, second), {"surname": "absorbed", "remember_name": "on"})
    assert (Participant.objects.get().surname, str(PastName.objects.get())) == ("Щербакова-Ким", INNA)


def test_choice_must_be_made(twins, people, client_of) -> None:
    response = client_of(people.curator).post(merge_url(*twins), {"surname": "ghost"})
    html = response.content.decode()
    assert (response.status_code, Participant.objects.count()) == (200, 2)
    assert "Телефон: Обязательное поле." in html


def test_same_cards_merge_without_any_choice(school, people, client_of) -> None:
    first, second = card(school, INNA), card(school, INNA)
    assert client_of(people.curator).post(merge_url(first, second)).status_code == 302
    assert Participant.objects.get() == first


def test_obstacle_is_shown_instead_of_the_button(twins, people, client_of, reference) -> None:
    form_pair(twins[0], [twins[1]], people.curator)
    client = client_of(people.curator)
    html = client.get(merge_url(*twins)).content.decode()
    assert ("Объединить пока нельзя" in html, "Это один человек, объединить" in html) == (True, False)
    assert client.post(merge_url(*twins), {"surname": "kept", "phone": "kept"}).status_code == 200
    assert Participant.objects.count() == 2


def test_merged_card_tells_the_history_of_both(twins, people, client_of) -> None:
    record("mentorship.participant.change", twins[1], actor=people.curator, text="Случай со второй карточкой.")
    client = client_of(people.curator)
    response = client.post(merge_url(*twins), {"surname": "kept", "phone": "kept"}, follow=True)
    assert "Случай со второй карточкой." in response.content.decode()


def test_history_without_former_keys_would_be_lost(twins, people, client_of) -> None:
    record("mentorship.participant.change", twins[1], actor=people.curator, text="Случай со второй карточкой.")
    client = client_of(people.curator)
    client.post(merge_url(*twins), {"surname": "kept", "phone": "kept"})
    Participant.objects.update(former_keys=[])
    html = client.get(reverse("participant_detail", args=[twins[0].pk])).content.decode()
    assert "Случай со второй карточкой." not in html


@pytest.mark.parametrize("who", ["director", "inspector", "teacher"])
def test_wrong_role_neither_compares_nor_merges(who: str, twins, people, client_of) -> None:
    client = client_of(getattr(people, who))
    assert {client.get(merge_url(*twins)).status_code, client.post(apart_url(*twins)).status_code} == {403}


def test_cards_of_another_school_are_absent(twins, other_school, people, client_of) -> None:
    theirs = card(other_school, INNA)
    client, foreign = client_of(people.curator), client_of(people.stranger)
    answers = [client.get(merge_url(*pair)).status_code for pair in ((twins[0], theirs), (theirs, twins[0]))]
    answers += [client.post(apart_url(*pair)).status_code for pair in ((twins[0], theirs), (theirs, twins[0]))]
    assert {*answers, foreign.get(merge_url(*twins)).status_code, foreign.post(merge_url(*twins)).status_code} == {404}
    assert Participant.objects.count() == 3


def test_verdict_is_not_read(twins, people, client_of) -> None:
    assert client_of(people.curator).get(apart_url(*twins)).status_code == 405
