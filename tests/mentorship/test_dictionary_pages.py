"""Pages of the dictionaries: common words to look at, own words to add, rename, switch off and, unused, delete."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Organisation
from core.models import JournalEntry
from mentorship.models import DictionaryEntry, Pair, Participant
from tests.mentorship.bank_builders import bank_card
from tests.mentorship.builders import word

LIST, NEW = "/cabinet/banks/words/", "/cabinet/banks/words/new/"


@pytest.fixture
def own(school: Organisation, people, reference) -> DictionaryEntry:
    return DictionaryEntry.objects.create(dictionary="competence", title="ведёт школьный музей", organisation=school)


def url(name: str, one: DictionaryEntry) -> str:
    return reverse(f"dictionary_{name}", args=[one.pk])


def test_list_shows_common_and_own_words_and_lets_change_the_own(own, people, client_of, other_school) -> None:
    DictionaryEntry.objects.create(dictionary="competence", title="Канарейка", organisation=other_school)
    response = client_of(people.curator).get(LIST)
    shelves = {shelf.code: shelf.words for shelf in response.context["shelves"]}
    assert {code: len(words) for code, words in shelves.items()} == {
        "form": 8,
        "kind": 8,
        "direction": 12,
        "competence": 17,
        "difficulty": 16,
    }
    changeable = [one for words in shelves.values() for one in words if one.may_change]
    assert (changeable, "Канарейка" in response.content.decode()) == ([own], False)


def test_list_costs_the_same_for_one_and_three_own_words(own, school, people, client_of, queries) -> None:
    client = client_of(people.curator)
    first = queries(client, LIST)
    for title in ("раз", "два"):
        DictionaryEntry.objects.create(dictionary="form", title=title, organisation=school)
    assert queries(client, LIST) == first


@pytest.mark.parametrize(("who", "status"), [("director", 403), ("teacher", 403), ("stranger", 404)])
def test_own_words_are_kept_by_the_curator(own, people, client_of, who: str, status: int) -> None:
    client = client_of(getattr(people, who))
    found = [client.get(url(name, own)).status_code for name in ("edit", "delete")]
    found += [client.post(url(name, own)).status_code for name in ("edit", "delete")]
    assert (set(found), DictionaryEntry.objects.filter(pk=own.pk).exists()) == ({status}, True)


def test_common_words_are_not_the_schools_to_change(people, client_of, reference) -> None:
    common, client = word("competence", "ict"), client_of(people.curator)
    found = [client.post(url(name, common), {"title": "иное"}).status_code for name in ("edit", "delete")]
    assert (set(found), word("competence", "ict").title != "иное") == ({404}, True)


def test_school_adds_a_word_and_may_choose_it_at_once(people, mentor, school, client_of) -> None:
    client = client_of(people.curator)
    assert client.get(f"{NEW}?dictionary=difficulty").context["word"].dictionary == "difficulty"
    data = {"title": "  сельская   школа ", "position": "1000", "is_active": "on"}
    response = client.post(f"{NEW}?dictionary=difficulty", data)
    one = DictionaryEntry.objects.get(organisation=school)
    assert (response["Location"], one.title, one.dictionary) == (f"{LIST}#difficulty", "сельская школа", "difficulty")
    assert JournalEntry.objects.about(one).get().event == "mentorship.dictionary.add"
    form = client.get(reverse("bank_edit", args=[bank_card(mentor, "mentee").pk])).context["form"]
    assert one in form.fields["difficulties"].queryset


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"title": "", "position": "1"}, "Обязательное поле."),
        ({"title": "ВЕДЁТ школьный  музей", "position": "1"}, "Такое слово в словаре уже есть."),
        ({"title": "Ведет школьный музей", "position": "1"}, "Такое слово в словаре уже есть."),
        ({"title": "Глубоко знает свой предмет", "position": "1"}, "Такое слово в словаре уже есть."),
        ({"title": "я" * 151, "position": "1"}, "не более 150 символов"),
        ({"title": "иное", "position": "-1"}, "больше либо равно 0"),
        ({"title": "иное", "position": "999999999999"}, "меньше либо равно"),
    ],
)
def test_bad_word_is_explained(own, people, client_of, data: dict, words: str) -> None:
    response = client_of(people.curator).post(f"{NEW}?dictionary=competence", data)
    assert (response.status_code, words in response.content.decode()) == (200, True)
    assert DictionaryEntry.objects.exclude(organisation=None).get() == own


def test_same_word_may_stand_in_another_dictionary_and_another_school(own, other_school, people, client_of) -> None:
    data = {"title": own.title, "position": "1", "is_active": "on"}
    assert client_of(people.curator).post(f"{NEW}?dictionary=direction", data).status_code == 302
    assert client_of(people.stranger).post(f"{NEW}?dictionary=competence", data).status_code == 302


def test_word_is_renamed_and_switched_off_where_it_stands_already(own, mentor: Participant, people, client_of) -> None:
    one = bank_card(mentor)
    one.competences.add(own)
    client_of(people.curator).post(url("edit", own), {"title": "ведёт музей", "position": "5"})
    own.refresh_from_db()
    assert (own.title, own.is_active, list(one.competences.all())) == ("ведёт музей", False, [own])
    changes = {change["field"]: change["new"] for change in JournalEntry.objects.about(own).get().changes}
    assert changes == {"Название": "ведёт музей", "Место": "5", "Предлагается": "нет"}


def test_unused_word_is_deleted_and_remembered(own, people, client_of) -> None:
    number, client = own.pk, client_of(people.curator)
    assert "Удалить слово" in client.get(url("delete", own)).content.decode()
    assert client.post(url("delete", own)).status_code == 302
    assert not DictionaryEntry.objects.filter(pk=number).exists()
    assert JournalEntry.objects.get(event="mentorship.dictionary.delete").subject_id == number


@pytest.mark.parametrize("use", ["competences", "kinds", "form", "direction"])
def test_used_word_is_not_deleted_wherever_it_is_used(own, pair: Pair, people, client_of, use: str) -> None:
    if use == "competences":
        bank_card(pair.mentor).competences.add(own)
    elif use == "kinds":
        pair.kinds.add(own)
    else:
        Pair.objects.filter(pk=pair.pk).update(**{use: own})
    client = client_of(people.curator)
    html = client.post(url("delete", own), follow=True).content.decode()
    assert "уже выбрано в карточках или парах" in html
    assert DictionaryEntry.objects.filter(pk=own.pk).exists()


def test_administrator_of_the_town_keeps_the_common_words(people, client_of, reference) -> None:
    client, common = client_of(people.admin), word("competence", "ict")
    data = {"title": "знает компьютер", "position": "10", "is_active": "on"}
    assert client.post(url("edit", common), data).status_code == 302
    assert client.post(f"{NEW}?dictionary=competence", {**data, "title": "новое"}).status_code == 302
    assert DictionaryEntry.objects.get(title="новое").organisation is None
    html = client.post(url("delete", common), follow=True).content.decode()
    assert "его можно не предлагать, но нельзя удалить" in html
