"""The search of a school: who takes part and as what, at once or by the worker, and taking what was proposed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Membership
from accounts.permissions import Forbidden, today
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import (
    BankCard,
    BankState,
    Category,
    Consent,
    ConsentKind,
    DictionaryEntry,
    MatchingRules,
    MatchingRun,
    Pair,
    PairState,
    Participant,
    Post,
    Wish,
)
from mentorship.services import matching
from mentorship.services.consents import withdraw_consent
from mentorship.services.matching import Terms, accept, ask, fixed_with, fixed_without, result_of, save_wishes
from mentorship.services.matching_sides import code_of, days_in, field_of, form_code, plain_words
from tests.mentorship.bank_builders import MENTEE, MENTOR, bank_card, pair_of
from tests.mentorship.builders import card, day, word
from tests.mentorship.matched import search, small_school, stands, topic

pytestmark = pytest.mark.usefixtures("reference")


def sides(school) -> tuple[list[str], list[str]]:
    """Names of the mentors and of the mentees who take part."""
    field = field_of(school, topic(), today())
    mentors, mentees = ([one.name.split("\u00a0")[0] for one in rows] for rows in (field.mentors, field.mentees))
    return mentors, mentees


def terms(**more) -> Terms:
    values = {"direction": topic(), "starts_on": day(0), "ends_on": day(200), **more}
    return Terms(**values)


# --- Who takes part ---------------------------------------------------------------------------------------------------
def test_mentees_without_an_open_pair_and_all_mentors_of_the_bank_take_part(school, people) -> None:
    cards = small_school(school, people)
    assert sides(school) == (["Дубов", "Клёнов"], ["Сойкин", "Стрижов", "Чижов"])
    pair_of(cards["Дубов"].participant, cards["Сойкин"].participant, people)
    pair_of(cards["Клёнов"].participant, cards["Стрижов"].participant, people, PairState.CLOSED)
    assert sides(school) == (["Дубов", "Клёнов"], ["Стрижов", "Чижов"])


def test_candidates_the_archived_the_gone_and_other_schools_take_no_part(school, other_school, people) -> None:
    bank_card(card(school, "Кедров Пётр Ильич"), MENTOR)
    bank_card(card(school, "Липов Пётр Ильич"), MENTOR, BankState.ARCHIVED)
    bank_card(card(school, "Буков Пётр Ильич", left_on=day(-1)), MENTEE, BankState.IN_BANK)
    bank_card(card(other_school, "Чужестранов Фома Ильич"), MENTEE, BankState.IN_BANK)
    bank_card(card(school, "Грачёв Пётр Ильич", left_on=day(0)), MENTEE, BankState.IN_BANK)
    assert sides(school) == ([], ["Грачёв"])


def test_side_says_what_the_card_says(school, people) -> None:
    person = card(school, "Дубов Пётр Ильич", post="", works_since=today() - dt.timedelta(days=3700))
    Post.objects.create(
        participant=person, title="учитель", subjects="Физика, Астрономия", department="Кафедра  физики"
    )
    one = stands(person, people, MENTOR, "discipline", capacity=3, time_resource="среда, по вторникам")
    own = DictionaryEntry.objects.create(organisation=school, dictionary="competence", title="Робототехника")
    one.competences.add(own)
    mentee = card(school, "Сойкин Пётр Ильич")
    pair_of(person, mentee, people)
    [side] = field_of(school, topic(), today()).mentors
    assert (side.subjects, side.days, side.places, side.years) == (
        {"физика", "астрономия"},
        {"wed", "tue"},
        {"кафедра физики"},
        10,
    )
    assert (side.competences, side.free, side.consented) == ({"discipline", f"own-{own.pk}"}, 2, True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("вторник после 14:00", ["tue"]),
        ("по средам и пятницам", ["wed", "fri"]),
        ("в среднем два часа", []),
        ("", []),
        ("Понедельник, суббота", ["mon", "sat"]),
    ],
)
def test_days_are_read_out_of_the_words(text: str, found: list[str]) -> None:
    assert days_in(text) == found


def test_subjects_are_read_as_people_write_them() -> None:
    assert plain_words("Алгебра;  Ёлочное дело / химия, ") == ["алгебра", "елочное дело", "химия"]


def test_heads_lead_everybody_and_heads_of_departments_their_own(school, people) -> None:
    director = card(school, "Громова Елена Павловна", user=people.director)
    head = card(school, "Кафедров Олег Юрьевич", user=people.department_head)
    boss = card(school, "Завучев Пётр Ильич", category=Category.HEAD)
    Post.objects.filter(participant=head).update(department="Кафедра физики")
    for person in (director, head, boss):
        stands(person, people, MENTOR, "discipline")
    found = {one.key: (one.leads_everybody, set(one.leads)) for one in field_of(school, topic(), today()).mentors}
    assert found == {
        director.pk: (True, set()),
        head.pk: (False, {"кафедра физики"}),
        boss.pk: (True, set()),
    }
    Membership.objects.filter(user=people.department_head).update(ends_on=day(-1))
    assert {one.key: set(one.leads) for one in field_of(school, None, today()).mentors}[head.pk] == set()


def test_own_difficulty_is_answered_by_the_competence_of_the_same_name(school, people) -> None:
    cards = small_school(school, people)
    names = {"competence": "робототехника", "difficulty": "Робототехника"}
    words = {
        kind: DictionaryEntry.objects.create(organisation=school, dictionary=kind, title=title)
        for kind, title in names.items()
    }
    BankCard.objects.filter(pk=cards["Дубов"].pk).update(capacity=2)
    cards["Дубов"].competences.add(words["competence"])
    cards["Чижов"].difficulties.add(words["difficulty"])
    field = field_of(school, topic(), today())
    assert field.rules.answers[code_of(words["difficulty"])] == {code_of(words["competence"]): 100}
    assert result_of(search(school, people)).mentor_of[cards["Чижов"].participant_id] == cards["Дубов"].participant_id


@pytest.mark.parametrize(
    ("mentor", "mentee", "code"),
    [
        (Category.TEACHER, Category.TEACHER, "teacher-teacher"),
        (Category.HEAD, Category.TEACHER, "head-teacher"),
        (Category.TEACHER, Category.PUPIL, "teacher-pupil"),
        (Category.PUPIL, Category.TEACHER, ""),
    ],
)
def test_form_follows_from_who_they_are(school, mentor: str, mentee: str, code: str) -> None:
    people = [Participant(organisation=school, category=one) for one in (mentor, mentee)]
    assert form_code(*people) == code


def test_young_teacher_has_a_form_of_their_own(school) -> None:
    young = Participant(organisation=school, category=Category.TEACHER, young_flag=True)
    assert form_code(Participant(organisation=school, category=Category.TEACHER), young) == "teacher-young"


def test_field_costs_the_same_for_one_and_three(school, people, django_assert_num_queries) -> None:
    stands(card(school, "Дубов Пётр Ильич"), people, MENTOR, "discipline")
    stands(card(school, "Сойкин Пётр Ильич"), people, MENTEE, "discipline")
    with django_assert_num_queries(COST):
        field_of(school, topic(), today())
    for name in ("Клёнов", "Кедров"):
        stands(card(school, f"{name} Пётр Ильич"), people, MENTOR, "grading", "ict")
        stands(card(school, f"{name}ский Пётр Ильич"), people, MENTEE, "grading", "ict")
    with django_assert_num_queries(COST):
        field_of(school, topic(), today())


COST = 11


# --- The search -------------------------------------------------------------------------------------------------------
def test_small_school_has_its_answer_at_once(school, people, journal_count) -> None:
    cards, before = small_school(school, people), journal_count()
    run = search(school, people)
    keys = {name: one.participant_id for name, one in cards.items()}
    assert (run.state, run.percent) == ("done", 100)
    assert result_of(run).mentor_of == {keys["Сойкин"]: keys["Дубов"], keys["Стрижов"]: keys["Клёнов"]}
    assert [one.key for one in result_of(run).mentees] == [keys["Чижов"]]
    assert (run.summary["mentees"], run.summary["mentors"]) == (3, 2)
    assert journal_count() - before == 3
    assert [one.text for one in JournalEntry.objects.about(run)][0] == (
        "Подбор готов: предложено пар — 2, без наставника — 1."
    )


def test_nobody_waiting_is_refused(school, people) -> None:
    stands(card(school, "Дубов Пётр Ильич"), people, MENTOR, "discipline")
    with pytest.raises(Refused, match="Подбирать некому"):
        search(school, people)
    assert not MatchingRun.objects.exists()


@pytest.mark.parametrize("who", ["director", "teacher", "psychologist", "stranger", "municipal"])
def test_only_the_curator_of_the_school_searches(school, people, who: str) -> None:
    small_school(school, people)
    with pytest.raises(Forbidden):
        ask(organisation=school, direction=topic(), actor=getattr(people, who))


def test_large_school_is_matched_by_the_worker(school, people, monkeypatch) -> None:
    monkeypatch.setattr(matching, "SHORT", 4)
    small_school(school, people)
    run = search(school, people)
    assert (run.state, run.percent, DBTaskResult.objects.count()) == ("queued", 0, 1)
    told: list[int] = []
    monkeypatch.setattr(matching, "tell", lambda run, percent: told.append(percent))
    matching.run_matching.call(run_id=run.pk, actor_id=people.curator.pk)
    run.refresh_from_db()
    assert (run.state, told) == ("done", [matching.GATHERED, matching.SOLVED])
    assert len(result_of(run).proposals) == 2
    matching.run_matching.call(run_id=run.pk, actor_id=people.curator.pk)
    assert JournalEntry.objects.about(run).count() == 3


def test_broken_search_says_so_without_names(school, people, monkeypatch, caplog) -> None:
    monkeypatch.setattr(matching, "SHORT", 0)
    small_school(school, people)
    run = search(school, people)

    def broken(*args) -> None:
        raise ValueError("Сойкин")

    monkeypatch.setattr(matching, "kept", broken)
    matching.run_matching.call(run_id=run.pk, actor_id=people.curator.pk)
    run.refresh_from_db()
    assert (run.state, run.failure) == ("failed", matching.CRASHED)
    assert "ValueError" in caplog.text
    assert "Сойкин" not in caplog.text


def test_silent_search_is_known_to_be_stuck(school, people, monkeypatch) -> None:
    monkeypatch.setattr(matching, "SHORT", 0)
    small_school(school, people)
    run = search(school, people)
    MatchingRun.objects.update(state="running", told_at=timezone.now() - dt.timedelta(minutes=6))
    run.refresh_from_db()
    assert run.is_stuck_at(timezone.now())
    assert not run.is_stuck_at(timezone.now() - dt.timedelta(minutes=2))


def test_rules_of_the_school_count(school, people) -> None:
    cards = small_school(school, people)
    rich, plain = cards["Сойкин"].participant, cards["Дубов"].participant
    Post.objects.filter(participant__in=[rich, cards["Клёнов"].participant]).update(subjects="физика")
    assert result_of(search(school, people)).mentor_of[rich.pk] == plain.pk
    MatchingRules.objects.create(organisation=school, needs=0, subject=10)
    assert result_of(search(school, people)).mentor_of == {rich.pk: cards["Клёнов"].participant_id}


def test_wishes_count_and_vetoes_forbid(school, people) -> None:
    cards = small_school(school, people)
    mentee, mentor, other = (cards[name].participant for name in ("Чижов", "Дубов", "Сойкин"))
    Wish.objects.create(author=mentee, about=mentor, side=MENTOR, rank=1)
    Wish.objects.create(author=mentor, about=other, side=MENTEE)
    found = result_of(search(school, people))
    assert found.mentor_of[mentee.pk] == mentor.pk
    assert "назвал этого наставника первым" in found.proposals[-1].sentence
    assert other.pk not in found.mentor_of


def test_fixed_pairs_are_carried_from_search_to_search(school, people) -> None:
    cards = small_school(school, people)
    mentee, mentor = cards["Чижов"].participant_id, cards["Дубов"].participant_id
    first = search(school, people)
    second = search(school, people, fixed=fixed_with(first, mentee, mentor))
    assert second.fixed == [[mentee, mentor]]
    assert result_of(second).mentor_of[mentee] == mentor
    assert fixed_with(second, mentee, 77) == [(mentee, 77)]
    assert fixed_without(second, mentee) == []


def test_answer_keeps_no_names(school, people) -> None:
    small_school(school, people)
    assert not any(name in str(search(school, people).result) for name in ("Сойкин", "Дубов", "Чижов"))


# --- Taking what was proposed -----------------------------------------------------------------------------------------
def test_ticked_pairs_are_formed_on_the_chosen_conditions(school, people, journal_count) -> None:
    cards = small_school(school, people)
    run, before = search(school, people), journal_count()
    keys = [cards[name].participant_id for name in ("Сойкин", "Стрижов", "Чижов")]
    made, refused = accept(run=run, mentees=keys, terms=terms(), actor=people.curator)
    assert (len(made), refused, journal_count() - before) == (2, {}, 2)
    pair = Pair.objects.get(members__mentee=keys[0])
    assert (pair.mentor, pair.form.code, pair.direction, pair.state) == (
        cards["Дубов"].participant,
        "teacher-teacher",
        topic(),
        "forming",
    )
    assert (pair.starts_on, pair.ends_on, [kind.code for kind in pair.kinds.all()]) == (
        day(0),
        day(200),
        ["traditional"],
    )


def test_form_chosen_on_top_is_that_of_all(school, people) -> None:
    cards, form = small_school(school, people), word("form", "partner-teacher")
    run = search(school, people)
    [pair], _ = accept(run=run, mentees=[cards["Сойкин"].participant_id], terms=terms(form=form), actor=people.curator)
    assert pair.form == form


def test_refused_pair_leaves_the_others_and_nothing_of_itself(school, people) -> None:
    cards = small_school(school, people)
    run = search(school, people)
    mentor = cards["Дубов"].participant
    pair_of(mentor, card(school, "Дятлов Пётр Ильич"), people)
    keys = [cards[name].participant_id for name in ("Сойкин", "Стрижов")]
    made, refused = accept(run=run, mentees=keys, terms=terms(), actor=people.curator)
    assert [pair.mentees[0].pk for pair in made] == [keys[1]]
    assert refused == {keys[0]: [f"{mentor.short_name}: свободных мест больше нет."]}
    assert not Pair.objects.filter(members__mentee=keys[0]).exists()


def test_two_ticked_pairs_do_not_share_one_place(school, people) -> None:
    cards = small_school(school, people)
    BankCard.objects.filter(pk=cards["Дубов"].pk).update(capacity=2)
    cards["Стрижов"].difficulties.set([word("difficulty", "discipline")])
    run = search(school, people)
    BankCard.objects.filter(pk=cards["Дубов"].pk).update(capacity=1)
    keys = [cards[name].participant_id for name in ("Сойкин", "Стрижов")]
    assert set(result_of(run).mentor_of) == set(keys)
    made, refused = accept(run=run, mentees=keys, terms=terms(), actor=people.curator)
    assert (len(made), list(refused)) == (1, [keys[1]])


def test_what_has_changed_since_is_refused(school, people) -> None:
    cards = small_school(school, people)
    run = search(school, people)
    mentee, mentor = cards["Сойкин"].participant, cards["Дубов"].participant

    def refusal() -> list[str]:
        _, refused = accept(run=run, mentees=[mentee.pk], terms=terms(), actor=people.curator)
        return refused.get(mentee.pk, [])

    Wish.objects.create(author=mentor, about=mentee, side=MENTEE)
    assert refusal() == ["Пару не предлагаем по личным обстоятельствам."]
    Wish.objects.all().delete()
    consent = Consent.objects.get(participant=mentee, kind=ConsentKind.PROCESSING)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    assert refusal() == [matching.TAKEN]
    assert not Pair.objects.exists()


def test_faults_of_the_pair_itself_are_told(school, people) -> None:
    cards = small_school(school, people)
    key = cards["Сойкин"].participant_id
    _, refused = accept(run=search(school, people), mentees=[key], terms=terms(ends_on=day(10)), actor=people.curator)
    assert [one.startswith("Срок короче трёх месяцев") for one in refused[key]] == [True]


def test_nothing_ticked_is_refused_and_strangers_are_kept_out(school, people) -> None:
    small_school(school, people)
    run = search(school, people)
    with pytest.raises(Refused, match="Отметьте"):
        accept(run=run, mentees=[10**9], terms=terms(), actor=people.curator)
    for who in ("director", "stranger", "teacher"):
        with pytest.raises(Forbidden):
            accept(run=run, mentees=[1], terms=terms(), actor=getattr(people, who))


# --- Wishes -----------------------------------------------------------------------------------------------------------
def test_wishes_are_written_anew_and_the_history_names_nobody(school, people) -> None:
    cards = small_school(school, people)
    me = cards["Сойкин"].participant
    me.user = people.teacher
    me.save(update_fields=["user"])
    dub, oak = cards["Дубов"].participant, cards["Клёнов"].participant
    for wanted, avoided in (([dub, oak], []), ([oak], [dub])):
        save_wishes(author=me, preferred={MENTOR: wanted}, avoided={MENTOR: avoided}, actor=people.teacher)
    assert [(one.about, one.rank) for one in Wish.objects.all()] == [(oak, 1), (dub, None)]
    told = JournalEntry.objects.about(me).filter(event="mentorship.matching.wish")
    assert [(one.text, one.changes) for one in told] == [("Записаны пожелания к напарнику.", [])] * 2


@pytest.mark.parametrize("who", ["curator", "director", "stranger"])
def test_nobody_wishes_for_somebody_else(school, people, who: str) -> None:
    me = small_school(school, people)["Сойкин"].participant
    with pytest.raises(Forbidden):
        save_wishes(author=me, preferred={}, avoided={}, actor=getattr(people, who))
