"""A person's own wishes: whom they may choose, who sees what, and how the two cards of one person carry them on."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from mentorship.models import BankCard, Participant, Wish
from mentorship.services.departures import leave
from mentorship.services.merging_rows import follow_wishes
from tests.mentorship.bank_builders import MENTEE, MENTOR, bank_card
from tests.mentorship.builders import card, day
from tests.mentorship.matched import small_school, stands

PAGE = "/cabinet/card/wishes/"

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def cards(school, people) -> dict[str, BankCard]:
    """Two mentors and three mentees; «Сойкин» signs in as the teacher."""
    made = small_school(school, people)
    Participant.objects.filter(pk=made["Сойкин"].participant_id).update(user=people.teacher)
    return made


@pytest.fixture
def teacher(cards, people, client_of) -> Client:
    return client_of(people.teacher)


def keys(cards: dict[str, BankCard], *names: str) -> list[int]:
    return [cards[name].participant_id for name in names]


def offered(response) -> dict[str, list[str]]:
    return {role: [one.surname for one in people] for role, people in response.context["offered"].items()}


def test_mentee_chooses_among_mentors_and_a_mentor_among_mentees(cards, teacher, people, client_of) -> None:
    assert offered(teacher.get(PAGE)) == {MENTOR: ["Дубов", "Клёнов"]}
    bank_card(cards["Сойкин"].participant, MENTOR)
    assert offered(teacher.get(PAGE)) == {MENTEE: ["Стрижов", "Чижов"], MENTOR: ["Дубов", "Клёнов"]}


def test_only_those_who_stand_there_with_a_consent_are_offered(cards, school, other_school, people, teacher) -> None:
    bank_card(card(school, "Кедров Пётр Ильич"), MENTOR)
    bank_card(card(school, "Липов Пётр Ильич"), MENTOR, "in_bank")
    bank_card(card(other_school, "Чужестранов Фома Ильич"), MENTOR, "in_bank")
    stands(card(school, "Ушедшев Пётр Ильич"), people, MENTOR, "ict")
    Participant.objects.filter(surname="Ушедшев").update(left_on="2026-01-01")
    assert offered(teacher.get(PAGE)) == {MENTOR: ["Дубов", "Клёнов"]}


def test_wishes_are_saved_shown_and_changed(cards, teacher, journal_count) -> None:
    dub, oak = keys(cards, "Дубов", "Клёнов")
    before = journal_count()
    assert teacher.post(PAGE, {"mentor_1": oak, "not_mentor_1": dub}).status_code == 302
    assert [(one.about_id, one.side, one.rank) for one in Wish.objects.all()] == [
        (oak, "mentor", 1),
        (dub, "mentor", None),
    ]
    assert journal_count() - before == 1
    form = teacher.get(PAGE).context["form"]
    assert {name: form[name].value() for name in ("mentor_1", "mentor_2", "not_mentor_1")} == {
        "mentor_1": oak,
        "mentor_2": None,
        "not_mentor_1": dub,
    }
    teacher.post(PAGE, {"mentor_1": ""})
    assert not Wish.objects.exists()


def test_gap_in_the_order_closes(cards, teacher) -> None:
    [dub] = keys(cards, "Дубов")
    teacher.post(PAGE, {"mentor_3": dub})
    assert [(one.about_id, one.rank) for one in Wish.objects.all()] == [(dub, 1)]


def test_one_name_twice_is_refused_beside_the_second(cards, teacher) -> None:
    [dub] = keys(cards, "Дубов")
    response = teacher.post(PAGE, {"mentor_1": dub, "not_mentor_2": dub})
    assert list(response.context["form"].errors) == ["not_mentor_2"]
    assert "имя уже выбрано выше" in response.content.decode()
    assert not Wish.objects.exists()


@pytest.mark.parametrize("value", ["0", "abc", "²", "9" * 40])
def test_somebody_who_is_not_offered_is_refused(cards, teacher, value: str) -> None:
    response = teacher.post(PAGE, {"mentor_1": value})
    assert list(response.context["form"].errors) == ["mentor_1"]
    assert not Wish.objects.exists()


def test_mentees_are_not_offered_to_a_mentee(cards, teacher) -> None:
    [other] = keys(cards, "Чижов")
    assert list(teacher.post(PAGE, {"mentor_1": other}).context["form"].errors) == ["mentor_1"]


def test_page_without_a_card_says_what_to_do(people, reference, client_of) -> None:
    client = client_of(people.teacher)
    assert "скажите куратору" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"mentor_1": "1"}).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("curator", 403), ("director", 403), ("accountant", 403)])
def test_roles_without_a_card_have_no_such_page(cards, people, client_of, who: str, status: int) -> None:
    assert client_of(getattr(people, who)).get(PAGE).status_code == status


def test_page_costs_the_same_for_one_and_three(school, people, client_of, queries) -> None:
    me = card(school, "Сойкин Пётр Ильич", user=people.teacher)
    stands(me, people, MENTEE, "discipline")
    client = client_of(people.teacher)
    stands(card(school, "Дубов Пётр Ильич"), people, MENTOR, "discipline")
    first = queries(client, PAGE)
    for letter in "аб":
        stands(card(school, f"Дубов{letter} Пётр Ильич"), people, MENTOR, "discipline")
    assert (first, queries(client, PAGE)) == (11, 11)


# --- Nobody else sees them --------------------------------------------------------------------------------------------
def test_nobody_named_and_nobody_above_sees_a_wish(cards, school, people, client_of) -> None:
    """The veto is there to be seen; the card of the author and of the one named, and the history, say nothing."""
    me, dub = cards["Сойкин"].participant, cards["Дубов"].participant
    Participant.objects.filter(pk=dub.pk).update(user=people.methodical_union)
    for name in ("director", "inspector", "psychologist", "methodical_union", "curator"):
        client = client_of(getattr(people, name))
        before = shown(client, me, dub)
        wish = Wish.objects.create(author=me, about=dub, side=MENTOR)
        assert (name, shown(client, me, dub) == before) == (name, True)
        wish.delete()


def shown(client: Client, *people: Participant) -> list[str]:
    pages = ["/cabinet/", "/cabinet/card/", *(f"/cabinet/participants/{one.pk}/" for one in people)]
    return ["".join(line for line in read(client, page) if "csrf" not in line) for page in pages]


def read(client: Client, page: str) -> list[str]:
    return client.get(page).content.decode().splitlines()


def test_author_sees_the_way_to_the_wishes(cards, teacher) -> None:
    html = teacher.get("/cabinet/card/").content.decode()
    assert (PAGE in html, "Записать пожелания" in html) == (True, True)
    Wish.objects.create(author=cards["Сойкин"].participant, about=cards["Дубов"].participant, side=MENTOR)
    html = teacher.get("/cabinet/card/").content.decode()
    assert ("Изменить пожелания" in html, "Дубов" in html) == (True, False)


def test_wishes_go_with_whoever_leaves(cards, people) -> None:
    me, dub, oak = (cards[name].participant for name in ("Сойкин", "Дубов", "Клёнов"))
    for author, about, side in ((me, dub, MENTOR), (dub, me, MENTEE), (oak, me, MENTEE)):
        Wish.objects.create(author=author, about=about, side=side)
    leave(participant=dub, left_on=day(0), reason="переезд", actor=people.curator)
    assert [(one.author, one.about) for one in Wish.objects.all()] == [(oak, me)]


# --- The table --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rank", [0, 4])
def test_rank_is_one_of_three(cards, rank: int) -> None:
    me, dub = cards["Сойкин"].participant, cards["Дубов"].participant
    with pytest.raises(IntegrityError, match="wish_rank"), transaction.atomic():
        Wish.objects.create(author=me, about=dub, side=MENTOR, rank=rank)


def test_nobody_wishes_for_oneself_or_twice(cards) -> None:
    me, dub, oak = (cards[name].participant for name in ("Сойкин", "Дубов", "Клёнов"))
    Wish.objects.create(author=me, about=dub, side=MENTOR, rank=1)
    again: list[dict[str, Any]] = [{"about": me}, {"about": dub}, {"about": oak, "rank": 1}]
    for more in again:
        with pytest.raises(IntegrityError), transaction.atomic():
            Wish.objects.create(author=me, side=MENTOR, **more)


def test_wishes_follow_a_merged_card(cards, people) -> None:
    kept, absorbed = cards["Стрижов"].participant, cards["Чижов"].participant
    me, dub, oak = (cards[name].participant for name in ("Сойкин", "Дубов", "Клёнов"))
    Wish.objects.create(author=kept, about=dub, side=MENTOR, rank=1)
    Wish.objects.create(author=absorbed, about=dub, side=MENTOR, rank=2)
    Wish.objects.create(author=absorbed, about=oak, side=MENTOR, rank=1)
    Wish.objects.create(author=absorbed, about=kept, side=MENTEE)
    Wish.objects.create(author=dub, about=absorbed, side=MENTEE, rank=1)
    Wish.objects.create(author=oak, about=kept, side=MENTEE)
    Wish.objects.create(author=oak, about=absorbed, side=MENTEE, rank=1)
    Wish.objects.create(author=me, about=oak, side=MENTOR)
    for field in ("author", "about"):
        follow_wishes(Wish.objects.filter(**{field: absorbed}), field, kept, people.curator)
    assert {(one.author_id, one.about_id, one.rank) for one in Wish.objects.all()} == {
        (kept.pk, dub.pk, 1),
        (dub.pk, kept.pk, 1),
        (oak.pk, kept.pk, None),
        (me.pk, oak.pk, None),
    }
