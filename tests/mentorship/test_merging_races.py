"""Real threads: two mergings of the same cards, and a paper written down while its card is being merged away."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction

from accounts.permissions import Forbidden
from core.transitions import Refused
from mentorship.models import Consent, ConsentKind, Participant, Post
from mentorship.services import merging
from mentorship.services.merging import merge_participants
from tests.mentorship.builders import card, day
from tests.mentorship.test_races import together

NAME = "Щербакова Инна Вадимовна"


@pytest.fixture
def twins(transactional_db: None, school, people, reference) -> tuple[Participant, Participant]:
    """Every thread has its own connection and sees only what is committed."""
    return card(school, NAME, "учитель географии"), card(school, NAME, "учитель экономики")


def merged(kept: Participant, absorbed: Participant, people) -> Any:
    try:
        return merge_participants(kept=kept, absorbed=absorbed, choices={}, actor=people.curator)
    except Forbidden as refusal:  # the other thread was so quick that the card is gone before the question
        return Refused([str(refusal)])


@pytest.mark.parametrize("crosswise", [False, True])
def test_two_mergings_at_once_make_one_card(twins, people, crosswise: bool) -> None:
    one, other = twins
    pairs = [(one, other), (other, one) if crosswise else (one, other)]
    results = together(
        *(lambda kept=kept, absorbed=absorbed: merged(kept, absorbed, people) for kept, absorbed in pairs)
    )
    assert sum(isinstance(result, Refused) for result in results) == 1
    left = Participant.objects.get()
    assert set(left.posts.values_list("title", flat=True)) == {"учитель географии", "учитель экономики"}
    assert left.former_keys == [one.pk if left == other else other.pk]


def race(twins: tuple[Participant, Participant], people, monkeypatch) -> tuple[list[Any], int]:
    """A consent is written down when the rows have moved and the card is about to go: what happened, papers left."""
    kept, absorbed = twins
    moved, written = threading.Event(), threading.Event()
    original = merging.move_with_leave

    def slowly(*args: Any) -> Any:
        result = original(*args)
        moved.set()
        written.wait(timeout=1)
        return result

    monkeypatch.setattr(merging, "move_with_leave", slowly)

    def write() -> str:
        moved.wait(timeout=10)
        try:
            with transaction.atomic():
                Consent.objects.create(
                    participant=absorbed, kind=ConsentKind.PHOTO, signed_on=day(-1), recorded_by=people.curator
                )
                written.set()
        except IntegrityError:
            return "refused"
        return "written"

    def merge() -> str:
        try:
            merge_participants(kept=kept, absorbed=absorbed, choices={}, actor=people.curator)
        except IntegrityError:
            return "failed"
        return "merged"

    return together(merge, write), Consent.objects.count()


def test_paper_written_meanwhile_does_not_hang_in_the_air(twins, people, monkeypatch) -> None:
    """Whoever writes waits for the merging and is then told that the card is gone."""
    assert race(twins, people, monkeypatch) == (["merged", "refused"], 0)


def test_without_the_full_lock_the_merging_itself_breaks(twins, people, monkeypatch) -> None:
    def loosely(kept: Participant, absorbed: Participant) -> tuple[Participant, Participant]:
        found = {one.pk: one for one in Participant.objects.locked().filter(pk__in=(kept.pk, absorbed.pk))}
        return found[kept.pk], found[absorbed.pk]

    monkeypatch.setattr(merging, "both_locked", loosely)
    results, papers = race(twins, people, monkeypatch)
    assert (results[0] == "failed", papers) == (True, 1)


def test_refused_merging_leaves_everything(twins, people) -> None:
    one, other = twins
    Participant.objects.filter(pk=one.pk).update(user=people.teacher)
    Participant.objects.filter(pk=other.pk).update(user=people.inspector)
    with pytest.raises(Refused):
        merge_participants(kept=one, absorbed=other, choices={}, actor=people.curator)
    assert (Participant.objects.count(), Post.objects.filter(participant=other).count()) == (2, 1)
    connection.close()


def test_photo_of_a_refused_merging_stays(twins, people) -> None:
    """Files are deleted only when the transaction has really ended."""
    one, other = twins
    storage = Participant._meta.get_field("photo").storage
    names = [storage.save(f"{number}.jpg", ContentFile(b"x")) for number in (1, 2)]
    for person, name in zip(twins, names, strict=True):
        Participant.objects.filter(pk=person.pk).update(photo=name)
    transaction.set_autocommit(False)
    merge_participants(kept=one, absorbed=other, choices={}, actor=people.curator)
    transaction.rollback()
    transaction.set_autocommit(True)
    assert [storage.exists(name) for name in names] == [True, True]
