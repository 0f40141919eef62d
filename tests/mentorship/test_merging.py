"""Two cards of one person become one: nothing is lost, the law and the database hold, the history tells."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse

from core.models import JournalEntry
from mentorship import public
from mentorship.models import (
    BankCard,
    BankRole,
    BankState,
    CardRequest,
    CardView,
    Consent,
    ConsentKind,
    ConsentRequest,
    Course,
    Interview,
    NotSame,
    Pair,
    PairMember,
    Participant,
    PastName,
    Post,
)
from mentorship.services import merging, merging_rows
from mentorship.services.consents import withdraw_consent
from mentorship.services.merging import ABSORBED, BOTH, KEPT, differences_of
from mentorship.services.merging_checks import orders_about
from mentorship.services.merging_rows import MOVES, relations, rows_of
from tests.mentorship.builders import agree, card, day, word
from tests.mentorship.twins import bank_card, fill, max_of, merge, min_of

NAME = "Щербакова Инна Вадимовна"


@pytest.fixture
def kept(school, people: SimpleNamespace, reference: None) -> Participant:
    return card(school, NAME, "учитель географии", birth_year=1980)


@pytest.fixture
def absorbed(school, people: SimpleNamespace, reference: None) -> Participant:
    return card(school, "Щербакова-Ким Инна Вадимовна", "учитель экономики", birth_year=1980)


def counts(*people: Participant) -> dict[str, int]:
    return {name: sum(rows_of(field, one).count() for one in people) for name, field in relations().items()}


# --- Nothing is lost --------------------------------------------------------------------------------------------------
def test_every_relation_to_a_card_is_known_to_merging() -> None:
    assert relations().keys() == MOVES.keys()


def test_every_relation_to_a_bank_card_is_known_to_merging() -> None:
    found = {
        f"{one.related_model.__name__}.{one.field.name}"
        for one in BankCard._meta.get_fields(include_hidden=True)
        if one.auto_created and not one.concrete
    }
    through = {f"BankCard_{name}.bankcard" for name in ("competences", "difficulties")}
    assert found == {"Interview.card"} | through


def test_everything_follows_to_the_kept_card(kept, absorbed, people) -> None:
    """The counting itself covers every relation: a new one without a row here fails the second line."""
    fill(absorbed, people)
    before = counts(kept, absorbed)
    assert {name for name, count in counts(absorbed).items() if not count} <= {"NotSame.first", "NotSame.second"}
    merge(kept, absorbed, people)
    after = counts(kept)
    assert not Participant.objects.filter(pk=absorbed.pk).exists()
    apart = ("NotSame.first", "NotSame.second")
    assert {name: count for name, count in after.items() if name not in apart} == {
        name: count for name, count in before.items() if name not in apart
    }
    assert sum(after[name] for name in apart) == sum(before[name] for name in apart) == 2


def test_unknown_relation_stops_the_merging(kept, absorbed, people, monkeypatch) -> None:
    """Without the guard a relation added later would be deleted with the card."""
    agree(absorbed, ConsentKind.PROCESSING, people.curator)
    monkeypatch.setattr(
        merging_rows, "MOVES", {name: one for name, one in MOVES.items() if name != "Course.participant"}
    )
    with pytest.raises(RuntimeError, match="Course.participant"):
        merge(kept, absorbed, people)
    assert Participant.objects.filter(pk=absorbed.pk).exists()


def test_row_left_behind_stops_the_merging(kept, absorbed, people, monkeypatch) -> None:
    Course.objects.create(participant=absorbed, title="Современный урок", ended_on=day(-30))
    lazy = merging_rows.Move("Курсы", merging_rows.follow_the_pair)
    monkeypatch.setitem(merging_rows.MOVES, "Course.participant", lazy)
    with pytest.raises(RuntimeError, match="Course.participant"):
        merge(kept, absorbed, people)
    assert Course.objects.get().participant == absorbed


def test_pairs_work_on_and_orders_keep_their_key(kept, absorbed, people) -> None:
    fill(absorbed, people)
    merge(kept, absorbed, people)
    kept.refresh_from_db()
    assert kept.former_keys == [absorbed.pk]
    assert {pair.mentor for pair in Pair.objects.of(kept)} == {kept, Participant.objects.get(surname="Верескова")}
    assert {member.mentor for member in PairMember.objects.filter(pair__mentor=kept)} == {kept}
    order = next(one for one in orders_about(kept) if one.number == "71-б")
    assert order.facts["pairs"][0]["mentor"]["number"] == absorbed.pk


def test_keys_of_earlier_mergings_go_on(kept, absorbed, people) -> None:
    absorbed.former_keys = [7001]
    absorbed.save()
    kept.former_keys = [7002]
    kept.save()
    assert merge(kept, absorbed, people).former_keys == [7002, absorbed.pk, 7001]


# --- The leave of the database ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", [Consent, Pair, PairMember])
def test_without_leave_the_database_refuses_to_move(model: type[models.Model], kept, absorbed, people) -> None:
    fill(absorbed, people)
    field = {Consent: "participant", Pair: "mentor", PairMember: "mentee"}[model]
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.filter(**{field: absorbed}).update(**{field: kept})


def test_merging_without_leave_is_refused_by_the_database(kept, absorbed, people, monkeypatch) -> None:
    fill(absorbed, people)
    monkeypatch.setattr(merging, "set_merging", lambda value: None)
    with pytest.raises(IntegrityError):
        merge(kept, absorbed, people)
    assert Participant.objects.filter(pk=absorbed.pk).exists()


def test_leave_ends_with_the_merging(kept, absorbed, people) -> None:
    """Later in the same transaction consents are as fixed as ever."""
    consent = agree(absorbed, ConsentKind.PROCESSING, people.curator)
    merge(kept, absorbed, people)
    other = card(kept.organisation, "Ольхин Борис Викторович")
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(participant=other)


# --- Which value stays ------------------------------------------------------------------------------------------------
def test_differences_prefer_what_is_not_empty(kept, absorbed, people) -> None:
    kept.phone, absorbed.email, absorbed.note, kept.note = "12-34", "kim@example.org", "вторая", "первая"
    assert [(one.name, one.default, one.options) for one in differences_of(kept, absorbed)] == [
        ("surname", KEPT, [KEPT, ABSORBED]),
        ("phone", KEPT, [KEPT, ABSORBED]),
        ("email", ABSORBED, [KEPT, ABSORBED]),
        ("note", KEPT, [KEPT, ABSORBED, BOTH]),
    ]


def test_chosen_values_stay_and_the_history_keeps_the_others(kept, absorbed, people) -> None:
    Participant.objects.filter(pk=kept.pk).update(phone="12-34", note="первая")
    Participant.objects.filter(pk=absorbed.pk).update(phone="56-78", note="вторая", email="kim@example.org")
    merged = merge(kept, absorbed, people, choices={"phone": ABSORBED, "note": BOTH, "surname": "ghost"})
    assert (merged.full_name, merged.phone, merged.note, merged.email) == (
        NAME,
        "56-78",
        "первая\nвторая",
        "kim@example.org",
    )
    entry = JournalEntry.objects.about(merged).first()
    assert entry.text == "Объединены две карточки: Щербакова Инна Вадимовна и Щербакова-Ким Инна Вадимовна."
    assert entry.changes[0] == {
        "field": "Фамилия",
        "old": "Щербакова; на второй карточке: Щербакова-Ким",
        "new": "Щербакова",
    }
    assert entry.changes[-1] == {"field": "Перенесено: должности", "old": "—", "new": "учитель экономики"}


def test_history_of_a_merging_keeps_no_contacts(kept, absorbed, people) -> None:
    """The history can never be cleaned; that there were two telephones is told, not which."""
    Participant.objects.filter(pk=kept.pk).update(phone="12-34")
    Participant.objects.filter(pk=absorbed.pk).update(phone="56-78")
    merge(kept, absorbed, people)
    told = str(list(JournalEntry.objects.values_list("text", "changes")))
    assert ("Телефон" in told, "12-34" in told, "56-78" in told) == (True, False, False)


def test_note_that_would_not_fit_is_not_joined(kept, absorbed) -> None:
    kept.note, absorbed.note = "а" * 1500, "б" * 1500
    assert differences_of(kept, absorbed)[-1].options == [KEPT, ABSORBED]


def test_forms_of_the_name_go_with_the_name(kept, absorbed, people) -> None:
    Participant.objects.filter(pk=absorbed.pk).update(forms={"dative": "Ким И."}, forms_checked=False)
    merged = merge(kept, absorbed, people, choices={"surname": ABSORBED})
    assert (merged.surname, merged.forms, merged.forms_checked) == ("Щербакова-Ким", {"dative": "Ким И."}, False)


def test_name_of_two_cards_is_declined_anew(school, kept, people) -> None:
    other = card(school, "Щербокова Инга Вадимовна")
    merged = merge(kept, other, people, choices={"given_name": ABSORBED})
    assert (merged.full_name, merged.forms_checked) == ("Щербакова Инга Вадимовна", False)
    assert merged.forms["dative"] == "Щербаковой Инге Вадимовне"


def test_name_that_did_not_stay_is_remembered_if_asked(kept, absorbed, people) -> None:
    merge(kept, absorbed, people, choices={"surname": ABSORBED}, remember_name=True)
    past = PastName.objects.get()
    assert (str(past), past.participant, past.until) == (NAME, kept, day(0))


def test_login_follows(kept, absorbed, people) -> None:
    Participant.objects.filter(pk=absorbed.pk).update(user=people.teacher)
    assert merge(kept, absorbed, people).user == people.teacher


def test_photo_that_nobody_needs_is_deleted(kept, absorbed, people, django_capture_on_commit_callbacks) -> None:
    storage = Participant._meta.get_field("photo").storage
    names = [storage.save(f"photo{number}.jpg", ContentFile(b"x")) for number in (1, 2)]
    Participant.objects.filter(pk=kept.pk).update(photo=names[0])
    Participant.objects.filter(pk=absorbed.pk).update(photo=names[1])
    with django_capture_on_commit_callbacks(execute=True):
        merged = merge(kept, absorbed, people, choices={"photo": ABSORBED})
    assert (merged.photo.name, [storage.exists(name) for name in names]) == (names[1], [False, True])


# --- Rows that clash --------------------------------------------------------------------------------------------------
def test_same_rows_are_kept_once(kept, absorbed, people) -> None:
    same = {"title": "Современный урок", "ended_on": day(-30)}
    for person in (kept, absorbed):
        Course.objects.create(participant=person, **same)
        CardView.objects.create(participant=person, user=people.director)
        ConsentRequest.objects.create(participant=person, kind=ConsentKind.PHOTO, asked_by=people.curator)
        CardRequest.objects.create(participant=person, wanted={"phone": "1"}, asked_by=people.teacher)
    merge(kept, absorbed, people)
    assert (Course.objects.count(), CardView.objects.count()) == (1, 1)
    assert ConsentRequest.objects.waiting().count() == 1
    assert sorted(CardRequest.objects.values_list("state", flat=True)) == ["declined", "waiting"]
    assert "пришлите просьбу снова" in CardRequest.objects.get(state="declined").answer


def test_one_main_post_stays(kept, absorbed, people) -> None:
    merged = merge(kept, absorbed, people)
    assert sorted(Post.objects.filter(participant=merged).values_list("title", "is_main")) == [
        ("учитель географии", True),
        ("учитель экономики", False),
    ]


def test_verdict_about_the_two_themselves_is_dropped(kept, absorbed, people) -> None:
    NotSame.objects.create(first=min_of(kept, absorbed), second=max_of(kept, absorbed), decided_by=people.curator)
    merge(kept, absorbed, people)
    assert NotSame.objects.count() == 0


def test_later_of_two_live_consents_goes_on_speaking(kept, absorbed, people) -> None:
    early = agree(kept, ConsentKind.DISSEMINATION, people.curator, signed_on=day(-30), shown=["name", "post"])
    late = agree(absorbed, ConsentKind.DISSEMINATION, people.curator, signed_on=day(-10), shown=["name"])
    merge(kept, absorbed, people)
    rows = Consent.objects.filter(participant=kept)
    assert (set(rows), list(rows.live(day(0)))) == ({early, late}, [late])
    early.refresh_from_db()
    assert early.withdrawn_on == day(-10)
    assert early.withdrawal_reason.startswith(f"Заменено согласием от {day(-10):%d.%m.%Y}")


def test_bank_cards_of_two_roles_both_follow(kept, absorbed, people) -> None:
    bank_card(kept, BankRole.MENTOR)
    bank_card(absorbed, BankRole.MENTEE)
    merge(kept, absorbed, people)
    assert set(BankCard.objects.values_list("participant", "role")) == {(kept.pk, "mentor"), (kept.pk, "mentee")}


def test_bank_cards_of_one_role_become_one(kept, absorbed, people) -> None:
    """The standing card stays whichever person it was of; words of both are kept, talks and marks are added up."""
    weak = bank_card(kept, state=BankState.CANDIDATE, interests="шахматы", wishes="по вторникам", capacity=1)
    strong = bank_card(absorbed, state=BankState.SELECTED, interests="хор", capacity=3, entered_on=day(-40))
    weak.competences.add(*(first := words_of("competence"))[:2])
    strong.competences.add(*first[1:3])
    for one in (weak, strong):
        Interview.objects.create(card=one, planned_for=day(2), interviewer=people.curator)
    merge(kept, absorbed, people)
    merged = BankCard.objects.get()
    assert (merged.pk, merged.participant, merged.state, merged.capacity) == (strong.pk, kept, "selected", 3)
    assert (merged.interests, merged.wishes, merged.entered_on) == ("хор; шахматы", "по вторникам", day(-40))
    assert set(merged.competences.all()) == set(first[:3])
    assert sorted(merged.interviews.values_list("state", flat=True)) == ["cancelled", "planned"]
    changes = JournalEntry.objects.about(merged).first().changes
    assert {"field": "Сколько человек готов вести (вторая карточка)", "old": "1", "new": "3"} in changes


def words_of(dictionary: str) -> list[Any]:
    found = list(type(word("form", "teacher-young")).objects.filter(dictionary=dictionary).order_by("pk")[:3])
    assert len(found) == 3
    return found


def test_later_refusal_outweighs_standing_in_the_bank(kept, absorbed, people) -> None:
    bank_card(kept, state=BankState.IN_BANK, entered_on=day(-40))
    bank_card(absorbed, state=BankState.REFUSED, entered_on=day(-90), refused_on=day(-5))
    merge(kept, absorbed, people)
    assert BankCard.objects.values_list("participant", "state", "refused_on").get() == (kept.pk, "refused", day(-5))


def test_entry_after_a_refusal_stands_and_the_refusal_is_remembered(kept, absorbed, people) -> None:
    bank_card(kept, state=BankState.IN_BANK, entered_on=day(-4))
    bank_card(absorbed, state=BankState.REFUSED, entered_on=day(-90), refused_on=day(-50))
    merge(kept, absorbed, people)
    assert BankCard.objects.values_list("state", "refused_on").get() == ("in_bank", day(-50))


def test_order_goes_on_naming_whoever_may_be_named(kept, absorbed, people) -> None:
    """An approved order knows the person by the key of the card that is gone."""
    agree(absorbed, ConsentKind.DISSEMINATION, people.curator)
    merge(kept, absorbed, people)
    assert public.shown_people(kept.organisation, day(0))[0] == {kept.pk, absorbed.pk}
    consent = Consent.objects.get(kind=ConsentKind.DISSEMINATION)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    assert public.shown_people(kept.organisation, day(0)) == (frozenset(), frozenset())


def test_address_of_the_card_merged_away_leads_to_the_card_that_stayed(kept, absorbed, people, client_of) -> None:
    url = reverse("participant_detail", args=[absorbed.pk])
    merge(kept, absorbed, people)
    assert client_of(people.curator).get(url)["Location"] == reverse("participant_detail", args=[kept.pk])
    assert client_of(people.stranger).get(url).status_code == 404
    assert Client().get(url)["Location"] == f"/accounts/login/?next={url}"
