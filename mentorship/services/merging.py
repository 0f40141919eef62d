"""Merging two cards of one person: which value stays, what follows, what the history keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from accounts.models import User
from accounts.permissions import permit, today
from core.journal import Change, reading, record
from core.transitions import Refused
from mentorship.models import Pair, Participant, PastName
from mentorship.sameness import folded, has_latin_lookalikes
from mentorship.services.histories import delete_later
from mentorship.services.merging_checks import ALIEN, TAKEN, merge_obstacles
from mentorship.services.merging_rows import Moving, move_rows
from mentorship.services.participants import NAME_FIELDS, set_forms

MERGE = "mentorship.participant.merge"
KEPT, ABSORBED, BOTH = "kept", "absorbed", "both"
# Decided otherwise than by a choice between two values.
NOT_ASKED = frozenset({"id", "organisation", "user", "forms", "forms_checked"})
GONE = "Пока страница была открыта, одну из карточек уже объединили или удалили. Откройте список повторов заново."


@dataclass(frozen=True)
class Difference:
    """A field in which the cards differ: both values in words, and which stays unless somebody chooses otherwise."""

    name: str
    label: str
    kept: str
    absorbed: str
    default: str
    may_join: bool

    @property
    def options(self) -> list[str]:
        return [KEPT, ABSORBED, BOTH] if self.may_join else [KEPT, ABSORBED]

    def choice(self, wanted: str | None) -> str:
        return wanted if wanted in self.options else self.default


def compared_fields() -> list[str]:
    return [one.name for one in Participant._meta.concrete_fields if one.editable and one.name not in NOT_ASKED]


def differences_of(kept: Participant, absorbed: Participant) -> list[Difference]:
    """The fields whose values differ, in the order of the model."""
    names = compared_fields()
    found = []
    own_words, coming_words = (reading(one, names, veiled=False) for one in (kept, absorbed))
    readings = zip(names, own_words.items(), coming_words.values(), strict=True)
    for name, (label, own), other in readings:
        if getattr(kept, name) != getattr(absorbed, name):
            default = ABSORBED if is_better(getattr(absorbed, name), getattr(kept, name)) else KEPT
            found.append(Difference(name, label, own, other, default, may_join(kept, absorbed, name)))
    return found


def is_better(coming: Any, own: Any) -> bool:
    """Whether the other value should stay unless somebody chooses: something for nothing, Russian letters for Latin
    look-alikes."""
    if not own or not coming:
        return bool(coming)
    return isinstance(own, str) and bool(has_latin_lookalikes(own)) and not has_latin_lookalikes(str(coming))


def may_join(kept: Participant, absorbed: Participant, name: str) -> bool:
    """Whether both values may stay one after the other: free texts, as long as they fit."""
    field: Any = Participant._meta.get_field(name)
    first, second = getattr(kept, name), getattr(absorbed, name)
    if not isinstance(field, models.TextField) or not (first and second):
        return False
    return len(joined(first, second)) <= (field.max_length or 0)


def joined(first: str, second: str) -> str:
    return f"{first}\n{second}"


@transaction.atomic
def merge_participants(
    *,
    kept: Participant,
    absorbed: Participant,
    choices: Mapping[str, str],
    actor: User,
    remember_name: bool = False,
) -> Participant:
    """Make one card of two and delete the absorbed one; everything that stood on it follows, orders stay as they are.

    `choices` maps fields of `differences_of` to KEPT, ABSORBED or BOTH; what is not chosen goes by its default.
    `remember_name` keeps the name that did not stay as an earlier one. Both rows are locked for good, so that nothing
    new can point at a card that goes away. Raises `Refused`.
    """
    permit(actor, MERGE, kept)
    permit(actor, MERGE, absorbed)
    kept, absorbed = both_locked(kept, absorbed)
    if obstacles := merge_obstacles(kept, absorbed):
        raise Refused(obstacles)
    differences = differences_of(kept, absorbed)
    chosen = {one.name: one.choice(choices.get(one.name)) for one in differences}
    text = f"Объединены две карточки: {kept} и {absorbed}."
    before = both_readings(kept, absorbed, [one.name for one in differences])
    earlier = PastName(participant=kept, until=today(), **name_not_chosen(kept, absorbed, chosen))
    moved = move_with_leave(absorbed, kept, actor)
    delete_later(kept.photo.storage, lay_on(kept, absorbed, chosen))
    record(MERGE, absorbed, actor=actor, text=f"Карточка влита в другую карточку того же человека: {kept}.")
    absorbed.delete()
    kept.save()
    if remember_name:
        earlier.save()
    record(MERGE, kept, actor=actor, text=text, changes=[*chosen_words(before, kept, chosen), *moved_words(moved)])
    return kept


def both_locked(kept: Participant, absorbed: Participant) -> tuple[Participant, Participant]:
    """Fresh rows of both, locked in the order of their keys against everything, pointing at them included."""
    keys = (kept.pk, absorbed.pk)
    rows = Participant.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    found = {person.pk: person for person in rows.select_related("user")}
    if found.keys() != set(keys):
        raise Refused([GONE])
    if kept.pk == absorbed.pk:
        raise Refused([ALIEN])
    list(Pair.objects.locked().filter(pk__in=Pair.objects.of(kept, absorbed).order_by().values("pk")))
    return found[kept.pk], found[absorbed.pk]


def move_with_leave(absorbed: Participant, kept: Participant, actor: User) -> list[Moving]:
    """Move the rows with the database's leave to let papers and fixed pairs follow their person, for this step only."""
    try:
        with transaction.atomic():
            set_merging("on")
            moved = move_rows(absorbed, kept, actor)
            set_merging("")
            return moved
    except IntegrityError as error:
        if "pair_one_period_at_a_time" not in str(error):
            raise
        raise Refused([TAKEN]) from None


def set_merging(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.merging', %s, true)", [value])


def lay_on(kept: Participant, absorbed: Participant, chosen: Mapping[str, str]) -> str:
    """Give the kept card the chosen values, unsaved; returns the name of the photograph that nobody needs any more."""
    photos = {kept.photo.name, absorbed.photo.name}
    take_forms(kept, absorbed, chosen)
    if chosen.get("birth_year") == ABSORBED:
        kept.came_of_age = absorbed.came_of_age
    for name, which in chosen.items():
        if which == BOTH:
            setattr(kept, name, joined(getattr(kept, name), getattr(absorbed, name)))
        elif which == ABSORBED:
            setattr(kept, name, getattr(absorbed, name))
    if mixed_name(chosen):
        set_forms(kept)
    kept.user = kept.user or absorbed.user
    kept.former_keys = [*kept.former_keys, absorbed.pk, *absorbed.former_keys]
    return next((name for name in photos if name and name != kept.photo.name), "")


def take_forms(kept: Participant, absorbed: Participant, chosen: Mapping[str, str]) -> None:
    """The forms of a name go with the name; of the same name those that somebody has looked at."""
    sources = {chosen[name] for name in NAME_FIELDS if name in chosen}
    if sources == {ABSORBED} or (not sources and absorbed.forms_checked):
        kept.forms, kept.forms_checked = absorbed.forms, absorbed.forms_checked


def mixed_name(chosen: Mapping[str, str]) -> bool:
    """Whether the name is put together from both cards, so that its forms must be made anew."""
    return len({chosen[name] for name in NAME_FIELDS if name in chosen}) > 1


def names_differ(kept: Participant, absorbed: Participant) -> bool:
    """Whether the surnames are really two, not two spellings of one: then one of them may be an earlier name."""
    return folded(kept.surname) != folded(absorbed.surname)


def name_not_chosen(kept: Participant, absorbed: Participant, chosen: Mapping[str, str]) -> dict[str, str]:
    """The name of the card whose surname does not stay."""
    person = kept if chosen.get("surname") == ABSORBED else absorbed
    return {"surname": person.surname, "given_name": person.given_name, "patronymic": person.patronymic}


def both_readings(kept: Participant, absorbed: Participant, names: Sequence[str]) -> dict[str, str]:
    """What stands on the two cards, as far as the history may keep it: label → «одно; на второй карточке: другое»."""
    own, coming = reading(kept, names), reading(absorbed, names)
    return {label: f"{words}; на второй карточке: {coming[label]}" for label, words in own.items()}


def chosen_words(before: Mapping[str, str], kept: Participant, names: Iterable[str]) -> list[Change]:
    """Both earlier values and the one that stayed: nothing that stood on either card is lost to the history."""
    now = reading(kept, names)
    return [Change(field=label, old=words, new=now[label]) for label, words in before.items()]


def moved_words(moved: Sequence[Moving]) -> list[Change]:
    return [
        Change(
            field=f"Перенесено: {one.label[:1].lower()}{one.label[1:]}",
            old="—",
            new=", ".join(one.words) or str(one.count),
        )
        for one in moved
    ]
