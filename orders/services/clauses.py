"""Work on the clauses of a draft: editing, adding, taking out, bringing back, moving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy

from django.db import transaction

from accounts.models import User
from core.journal import Change
from core.transitions import Refused
from orders.documents import clause_names
from orders.models import Clause, Order
from orders.services.drafting import LONGEST
from orders.services.drafts import close_draft, open_draft

GONE = "Этого пункта в проекте уже нет: обновите страницу."


@transaction.atomic
def edit_clauses(*, order: Order, texts: Mapping[int, str], actor: User, version: int | None = None) -> int:
    """Write the given texts (key of a clause → text); returns how many have changed.

    Keys that are not clauses of the draft are ignored. A clause edited back to the words of the data counts as
    not edited.
    """
    open_draft(order, actor, version)
    clauses = list(order.clauses.standing())
    names, changes = clause_names(clauses), []
    for clause in clauses:
        text = tidy_text(texts.get(clause.pk, clause.text))
        if text == clause.text:
            continue
        check_text(text, names[clause.pk])
        changes.append(Change(field=names[clause.pk], old=clause.text, new=text))
        clause.text, clause.edited, clause.source_changed = text, text != clause.generated, False
        clause.save(update_fields=["text", "edited", "source_changed"])
    if changes:
        close_draft(order, actor, "Изменён текст проекта.", changes)
    return len(changes)


def tidy_text(text: str) -> str:
    """Lines without spaces around, no empty lines."""
    lines = (" ".join(part for part in line.split(" ") if part).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def check_text(text: str, name: str) -> None:
    if not text:
        raise Refused([f"{name}: текст пуст. Если пункт не нужен, уберите его."])
    if len(text) > LONGEST:
        raise Refused([f"{name}: текст длиннее {LONGEST} знаков. Разделите его на несколько пунктов."])


def previewed(clauses: Sequence[Clause], texts: Mapping[int, str], new: str) -> list[Clause]:
    """The clauses as they would be with these texts and a new clause, for a look; nothing is saved.

    Numbers as in `clauses`; an empty text leaves the clause as it is.
    """
    shown = [copy(clause) for clause in clauses]
    for clause in shown:
        clause.text = tidy_text(texts.get(clause.pk, "")) or clause.text
    if tidy_text(new):
        shown.insert(place_of_own(shown), Clause(fact=Clause.OWN, text=tidy_text(new), edited=True))
    return shown


def place_of_own(clauses: Sequence[Clause]) -> int:
    """A clause of the drafter's own stands last, but before the control clause."""
    last_is_control = bool(clauses) and clauses[-1].fact == "control"
    return len(clauses) - last_is_control


@transaction.atomic
def add_clause(*, order: Order, text: str, actor: User, version: int | None = None) -> Clause:
    """Add a numbered clause of the drafter's own; it stands last, before the control clause if that is the last."""
    open_draft(order, actor, version)
    text = tidy_text(text)
    check_text(text, "Новый пункт")
    clauses = list(order.clauses.all())
    numbers = [int(clause.fact.removeprefix(Clause.OWN)) for clause in clauses if clause.is_own]
    own = Clause(order=order, fact=f"{Clause.OWN}{max(numbers, default=0) + 1}", text=text, edited=True)
    clauses.insert(place_of_own(clauses), own)
    renumber(clauses)
    close_draft(order, actor, "Добавлен пункт.", [Change(field="Новый пункт", old="—", new=text)])
    return own


def all_with(order: Order, clause: Clause) -> list[Clause]:
    """Every clause of the draft, those taken out included; refuses if the given one is not among them."""
    clauses = list(order.clauses.all())
    if clause not in clauses:
        raise Refused([GONE])
    return clauses


def renumber(clauses: list[Clause]) -> None:
    for position, clause in enumerate(clauses):
        clause.position = position
        clause.save()


def branch(clauses: list[Clause], clause: Clause) -> list[Clause]:
    """The clause with everything under it."""
    start = clauses.index(clause)
    end = start + 1
    while end < len(clauses) and clauses[end].level > clause.level > 0:
        end += 1
    return clauses[start:end]


@transaction.atomic
def remove_clause(*, order: Order, clause: Clause, actor: User, version: int | None = None) -> None:
    """Take a clause out with everything under it; one made from data can be brought back, an own one is deleted."""
    open_draft(order, actor, version)
    for one in branch(all_with(order, clause), clause):
        if one.is_own:
            one.delete()
        else:
            Clause.objects.filter(pk=one.pk).update(removed=True)
    close_draft(order, actor, "Убран пункт.", [Change(field="Пункт", old=clause.text, new="—")])


@transaction.atomic
def restore_clause(*, order: Order, clause: Clause, actor: User, version: int | None = None) -> None:
    """Give a clause the words of the data again; one taken out comes back with everything under it."""
    open_draft(order, actor, version)
    clauses = all_with(order, clause)
    clause.refresh_from_db()
    if clause.is_own or not clause.generated:
        raise Refused(["Исходного текста у этого пункта нет: исправьте его сами или уберите."])
    old = "—" if clause.removed else clause.text
    returned = branch(clauses, clause) if clause.removed else []
    Clause.objects.filter(pk__in=[one.pk for one in returned]).update(removed=False)
    Clause.objects.filter(pk=clause.pk).update(text=clause.generated, edited=False, source_changed=False)
    clause.refresh_from_db()
    close_draft(order, actor, "Возвращён исходный текст.", [Change(field="Пункт", old=old, new=clause.text)])


@transaction.atomic
def keep_clause(*, order: Order, clause: Clause, actor: User, version: int | None = None) -> None:
    """Leave the drafter's own words although the data have changed."""
    open_draft(order, actor, version)
    all_with(order, clause)
    Clause.objects.filter(pk=clause.pk).update(source_changed=False)
    clause.refresh_from_db()
    close_draft(order, actor, "Оставлен текст, изменённый вручную.", [])


@transaction.atomic
def move_clause(*, order: Order, clause: Clause, up: bool, actor: User, version: int | None = None) -> None:
    """Exchange a clause, with everything under it, with its neighbour of the same level; at the edge nothing moves."""
    open_draft(order, actor, version)
    clauses = all_with(order, clause)
    moving = branch(clauses, clause)
    start = clauses.index(clause)
    rest = clauses[:start] + clauses[start + len(moving) :]
    place = place_above(rest, start, clause) if up else place_below(rest, start, clause)
    if place is None:
        return
    renumber(rest[:place] + moving + rest[place:])
    close_draft(order, actor, "Пункт переставлен.", [Change(field="Пункт", old="—", new=clause.text[:200])])


def place_above(rest: list[Clause], start: int, clause: Clause) -> int | None:
    """Where the neighbour above begins; clauses that were taken out are passed by."""
    for place in range(start - 1, -1, -1):
        if rest[place].level < clause.level:
            return None
        if rest[place].level == clause.level and not rest[place].removed:
            return place
    return None


def place_below(rest: list[Clause], start: int, clause: Clause) -> int | None:
    """Where the neighbour below ends."""
    for place in range(start, len(rest)):
        if rest[place].level < clause.level:
            return None
        if rest[place].level == clause.level and not rest[place].removed:
            return place + len(branch(rest, rest[place]))
    return None
