"""What everybody may see: names only through live consents, and never a contact."""

from __future__ import annotations

import dataclasses
import json

import pytest
from django.core.files.base import ContentFile

from mentorship import public
from mentorship.models import Category, ConsentKind, Pair, PairState, Participant
from mentorship.services.consents import withdraw_consent
from tests.mentorship.builders import agree, approved_order, card, day, form_pair, word


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    """The pair in force, full of what must never be shown."""
    for person in pair.people:
        person.phone, person.email, person.note = "+7 900", "secret@example.org", "затруднения"
        person.save()
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=approved_order(pair.organisation, people))
    return pair


def everything(organisation) -> str:
    shown = [*public.mentors(organisation, day(0)), *public.pairs(organisation, day(0))]
    return json.dumps([dataclasses.asdict(one) for one in shown], default=str, ensure_ascii=False)


def test_without_consents_there_are_only_words(working: Pair, school) -> None:
    assert public.mentors(school, day(0)) == []
    [shown] = public.pairs(school, day(0))
    assert [shown.mentor.label, *(one.label for one in shown.mentees)] == ["наставник", "молодой педагог"]
    assert (shown.form, shown.kinds, shown.direction) == (
        "педагог – молодой педагог",
        ["традиционное (один на один)"],
        "вхождение в профессию",
    )
    assert [word for word in ("Вереск", "Ольхин", "учитель") if word in everything(school)] == []


def test_each_name_is_shown_by_its_own_consent(working: Pair, school, people) -> None:
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator, shown=["name"])
    [mentor], [shown] = public.mentors(school, day(0)), public.pairs(school, day(0))
    assert mentor == public.PublicMentor(
        public.PublicPerson("наставник", "Верескова Алла Петровна"), ["вхождение в профессию"], 1
    )
    assert [shown.mentor.label, shown.mentees[0].label] == ["Верескова Алла Петровна", "молодой педагог"]
    assert public.shown_people(school, day(0))[0] == {working.mentor_id}


@pytest.mark.parametrize(
    ("fields", "post", "experience"),
    [
        (["name"], "", ""),
        (["name", "post"], "учитель математики", ""),
        (["name", "experience"], "", "высшая категория"),
        (["name", "post", "experience"], "учитель математики", "высшая категория"),
    ],
)
def test_only_the_allowed_fields_are_filled(working: Pair, school, people, fields, post: str, experience: str) -> None:
    working.mentor.qualification = "highest"
    working.mentor.save(update_fields=["qualification"])
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator, shown=fields)
    [mentor] = public.mentors(school, day(0))
    assert (mentor.person.post, mentor.person.experience) == (post, experience)


def test_fields_without_a_name_show_nothing(working: Pair, school, people) -> None:
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator, shown=["post", "experience"])
    assert (public.mentors(school, day(0)), public.shown_people(school, day(0))[0]) == ([], frozenset())
    assert "учитель" not in everything(school)


def test_withdrawal_hides_the_name_at_once(working: Pair, school, people) -> None:
    consent = agree(working.mentor, ConsentKind.DISSEMINATION, people.curator)
    assert "Вереск" in everything(school)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    assert ("Вереск" in everything(school), public.shown_people(school, day(0))[0]) == (False, frozenset())


def test_narrower_consent_hides_what_the_wider_showed(working: Pair, school, people) -> None:
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator, shown=["name", "post"])
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator, shown=["name"], signed_on=day(-1))
    [mentor] = public.mentors(school, day(0))
    assert mentor.person.post == ""


@pytest.mark.parametrize("kind", ["processing", "mentor"])
def test_other_consents_show_nothing(working: Pair, school, people, kind: str) -> None:
    agree(working.mentor, kind, people.curator)
    assert public.shown_people(school, day(0))[0] == frozenset()


def test_ended_and_refused_consents_show_nothing(working: Pair, school, people) -> None:
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator, valid_until=day(-1))
    agree(working.mentees[0], ConsentKind.DISSEMINATION, people.curator, answer="refused", shown=[])
    assert public.shown_people(school, day(0))[0] == frozenset()


def test_minor_is_never_named(school, mentor, people) -> None:
    pupil = card(school, "Ветров Егор Ильич", "", category=Category.PUPIL)
    pair = form_pair(mentor, [pupil], people.curator)
    agree(pupil, ConsentKind.DISSEMINATION, people.curator, representative="Ветрова Анна Олеговна", relation="мать")
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=approved_order(school, people))
    assert ("Ветров" in everything(school), public.shown_people(school, day(0))[0]) == (False, frozenset())


@pytest.mark.parametrize(("more", "named"), [({}, False), ({"birth_year": 1980}, True)])
def test_minor_who_leads_is_never_named(working: Pair, school, people, more: dict, named: bool) -> None:
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator)
    Participant.objects.filter(pk=working.mentor_id).update(category=Category.PUPIL, **more)
    assert ("Вереск" in everything(school), len(public.mentors(school, day(0)))) == (named, int(named))
    assert public.shown_people(school, day(0))[0] == ({working.mentor_id} if named else frozenset())


def test_mentor_with_a_card_of_another_school_is_not_named(working: Pair, school, other_school, people) -> None:
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator)
    Participant.objects.filter(pk=working.mentor_id).update(organisation=other_school)
    assert ("Вереск" in everything(school), "Вереск" in everything(other_school)) == (False, False)


def test_mentor_of_several_pairs_stands_once(working: Pair, second, school, people) -> None:
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator)
    order = working.organisation.orders.first()
    for code in ("parents", "entering-profession"):
        more = form_pair(working.mentor, [second], people.curator, direction=word("direction", code))
        Pair.objects.filter(pk=more.pk).update(state=PairState.ACTIVE, order=order)
    [mentor] = public.mentors(school, day(0))
    titles = [pair.direction.title for pair in Pair.objects.order_by("starts_on", "pk")]
    assert (mentor.pairs, mentor.directions) == (3, list(dict.fromkeys(titles)))
    assert (len(titles), len(mentor.directions)) == (3, 2)


def test_contacts_and_difficulties_have_no_field(working: Pair, school, people) -> None:
    for person in working.people:
        agree(person, ConsentKind.DISSEMINATION, people.curator, shown=["name", "post", "experience", "photo"])
    assert [word for word in ("+7 900", "secret@", "затруднения") if word in everything(school)] == []
    assert "Вереск" in everything(school)


@pytest.mark.parametrize(("change", "shown"), [({}, 1), ({"starts_on": day(1)}, 0), ({"ends_on": day(-1)}, 0)])
def test_only_pairs_of_the_day_are_shown(pair: Pair, school, people, change: dict, shown: int) -> None:
    order = approved_order(school, people)
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order, **change)
    assert len(public.pairs(school, day(0))) == shown
    assert public.counts(school, day(0)).pairs == shown


def test_forming_pairs_and_other_schools_are_not_shown(working: Pair, second, school, other_school, people) -> None:
    form_pair(second, working.mentees, people.curator)
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator)
    assert (public.pairs(other_school, day(0)), public.mentors(other_school, day(0))) == ([], [])
    assert public.shown_people(other_school, day(0))[0] == frozenset()
    assert len(public.pairs(school, day(0))) == 1


def test_counts_need_no_consent(working: Pair, second, school, other_school, people) -> None:
    parents = word("direction", "parents")
    group = form_pair(working.mentor, [working.mentees[0], second], people.curator, direction=parents)
    over = form_pair(second, working.mentees, people.curator)
    order = working.organisation.orders.first()
    Pair.objects.filter(pk=group.pk).update(state=PairState.ACTIVE, order=order)
    Pair.objects.filter(pk=over.pk).update(state=PairState.CLOSED, order=order, closing_ground="term")
    assert dataclasses.asdict(public.counts(school, day(0))) == {"mentors": 1, "mentees": 2, "pairs": 2, "completed": 1}
    assert public.counts(other_school, day(0)).pairs == 0


def test_window_costs_the_same_for_one_and_three(working: Pair, school, people, django_assert_num_queries) -> None:
    order = working.organisation.orders.first()

    def cost() -> None:
        with django_assert_num_queries(1):
            public.mentors(school, day(0))
        with django_assert_num_queries(7):
            public.pairs(school, day(0))
        with django_assert_num_queries(2):
            public.shown_people(school, day(0))
        with django_assert_num_queries(1):
            public.counts(school, day(0))
        with django_assert_num_queries(1):
            public.counts_of([school.pk, 0], day(0))

    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator)
    cost()
    for name in ("Ивина", "Осина"):
        mentor = card(school, f"{name} Инна Ильинична")
        pair = form_pair(mentor, [card(school, f"{name} Мария Ильинична")], people.curator)
        agree(mentor, ConsentKind.DISSEMINATION, people.curator)
        Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order)
    assert len(public.mentors(school, day(0))) == 3
    cost()


def test_place_that_the_paper_does_not_name_shows_nothing(working: Pair, school, people) -> None:
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator, resources=["site", "municipal"])
    assert (public.mentors(school, day(0)), public.shown_people(school, day(0))) == ([], (frozenset(), frozenset()))


def test_post_in_orders_needs_its_own_mark(working: Pair, school, people) -> None:
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator, shown=["name"])
    agree(working.mentees[0], ConsentKind.DISSEMINATION, people.curator, shown=["name", "post"])
    mentee = working.mentees[0].pk
    assert public.shown_people(school, day(0)) == ({working.mentor_id, mentee}, {mentee})


def test_conditions_and_bans_come_with_the_mentor(working: Pair, school, people) -> None:
    more = {"conditions": {"post": "без нагрузки"}, "bans": "не копировать"}
    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator, **more)
    [mentor] = public.mentors(school, day(0))
    assert mentor.limits == [("должность и предмет", "без нагрузки"), ("запрет", "не копировать")]


def test_photograph_needs_both_consents_and_a_file(working: Pair, school, people) -> None:
    def shown() -> tuple[bool, bool]:
        [mentor] = public.mentors(school, day(0))
        return mentor.person.photo == working.mentor_id, bool(public.photograph(school, working.mentor_id, day(0)))

    agree(working.mentor, ConsentKind.DISSEMINATION, people.curator, shown=["name", "photo"])
    assert shown() == (False, False)
    agree(working.mentor, ConsentKind.PHOTO, people.curator, resources=["section"])
    assert shown() == (False, False)
    working.mentor.photo.save("a.png", ContentFile(b"png"))
    assert shown() == (True, True)
    assert public.photograph(school, working.mentees[0].pk, day(0)) is None
