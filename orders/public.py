"""What everybody may see of approved orders and acts in force: plain data, with the names of only those who agreed."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.base import File
from django.db.models import QuerySet

from core.documents.parts import Block
from core.prepared import prepared
from orders.documents import Group, clause_tree, order_blocks
from orders.kinds import kind_of
from orders.models import Clause, LocalAct, Order, OrderQuerySet
from orders.services.redaction import Redactor, people_in, post_veil, without_posts

NOBODY: frozenset[int] = frozenset()
NEWEST = 5
SHOWN = ("pk", "approved_at", "number", "date", "kind")
Line = tuple[int, dt.datetime, str, dt.date, str]
# Headings that name nobody, by order and moment of approval, made once in a process: the database refuses to change
# an approved order. Which orders are listed is read at every request. When there are too many, all are made anew.
HEADINGS: dict[tuple[int, dt.datetime | None], str] = {}
MOST_HEADINGS = 10_000


@dataclass(frozen=True)
class PublicDocument:
    """One line of the list of documents; the heading names nobody but the head."""

    pk: int
    title: str
    number: str
    date: dt.date
    kind: str


@dataclass(frozen=True)
class PublicAct:
    """A local act in force: where its text stands in an appendix, `document` is the order that has it."""

    pk: int
    title: str
    since: dt.date
    document: int
    number: str
    date: dt.date
    file_name: str


@dataclass(frozen=True)
class PublicClause:
    """A clause as it is read: `number` is «1.1.», «–» for a dash, empty for the preamble (level 0)."""

    text: str
    number: str
    level: int


@dataclass(frozen=True)
class PublicOrder(PublicDocument):
    """An approved order without the names of those who have not agreed to be named.

    `blocks` is the whole paper with its appendices for `core/documents/paper.html`; the acquaintance sheet is left
    out.
    """

    place: str
    clauses: list[PublicClause]
    signer_post: str
    signer_name: str
    blocks: list[Block]


def documents(organisation: int) -> list[PublicDocument]:
    """Approved orders of the organisation, the newest first; one query, another one for headings not yet made."""
    return listed(all_approved(organisation))


def newest_documents(organisation: int) -> list[PublicDocument]:
    """The first few of `documents`."""
    return listed(newest_approved(organisation))


def acts(organisation: int, day: dt.date) -> list[PublicAct]:
    """Local acts of the organisation in force on the day; one query."""
    return [
        PublicAct(
            pk=act.pk,
            title=act.title,
            since=act.in_force_from or dt.date.min,
            document=act.order.pk,
            number=act.order.number or "",
            date=act.order.date or dt.date.min,
            file_name=act.file_name,
        )
        for act in in_force(organisation, day)
        if act.order
    ]


def act_file(organisation: int, pk: int, day: dt.date) -> tuple[File[bytes], str] | None:
    """The file of an act in force on the day, and its name; nothing where the act is a text or not in force."""
    act = in_force(organisation, day).filter(pk=pk).first()
    return (act.file, act.file_name) if act and act.file else None


def in_force(organisation: int, day: dt.date) -> QuerySet[LocalAct]:
    return LocalAct.objects.in_force(day).filter(organisation=organisation).select_related("order")


def document(organisation: int, pk: int, shown: frozenset[int], posts: frozenset[int] = NOBODY) -> PublicOrder | None:
    """One approved order, or None. `shown`: numbers of the people who may be named today, `posts`: of those whose
    posts may stand there too."""
    order = approved(organisation).filter(pk=pk).first()
    if order is None:
        return None
    redactor = redactor_of(order, shown)
    signer, organisation_facts = order.facts["signer"], order.facts["organisation"]
    redacted = redactor.value(without_posts(order.kind_entry.redact(order.facts, shown), posts))
    veiled = post_veil(order.facts, posts)
    clauses = [with_text(clause, redactor.text(veiled(clause.text))) for clause in order.clauses.standing()]
    public = copy.copy(order)
    public.title = redactor.text(order.title)
    public.facts = {**redacted, "signer": signer, "organisation": organisation_facts}
    return PublicOrder(
        pk=order.pk,
        title=public.title,
        number=order.number or "",
        date=order.date or dt.date.min,
        kind=order.kind_title,
        place=organisation_facts["place"],
        clauses=list(as_lines(clauses)),
        signer_post=signer["post"],
        signer_name=signer["signature"],
        blocks=order_blocks(public, clauses, with_acquaintance=False),
    )


def approved(organisation: int) -> OrderQuerySet:
    return Order.objects.approved().filter(organisation=organisation).order_by("-date", "-ordinal", "-pk")


@prepared
def all_approved(organisation: int) -> QuerySet[Order, Line]:
    return approved(organisation).values_list(*SHOWN)


@prepared
def newest_approved(organisation: int) -> QuerySet[Order, Line]:
    return approved(organisation).values_list(*SHOWN)[:NEWEST]


def listed(lines: list[Line]) -> list[PublicDocument]:
    titles = headings_of(lines)
    return [PublicDocument(pk, titles[pk], number, date, kind_of(kind).title) for pk, _, number, date, kind in lines]


def headings_of(lines: list[Line]) -> dict[int, str]:
    """Headings without names by the keys of the approved orders; the facts are read for those not yet made."""
    found = {pk: HEADINGS.get((pk, moment)) for pk, moment, *_ in lines}
    missing = [pk for pk, heading in found.items() if heading is None]
    if len(HEADINGS) + len(missing) > MOST_HEADINGS:
        HEADINGS.clear()
    for order in Order.objects.filter(pk__in=missing) if missing else ():
        heading = redactor_of(order, NOBODY).text(order.title)
        found[order.pk] = HEADINGS[order.pk, order.approved_at] = heading
    return {pk: heading or "" for pk, heading in found.items()}


def redactor_of(order: Order, shown: frozenset[int]) -> Redactor:
    """Hides everybody whom the facts name, except the head who signed and the people of `shown`."""
    facts, signer = order.facts, order.facts["signer"]
    people = list(people_in({key: value for key, value in facts.items() if key != "signer"}))
    named = [person for person in people if person["number"] in shown]
    hidden = [person for person in people if person["number"] not in shown]
    kept = [signer["full_name"], signer["signature"], facts["organisation"]["name"], *facts["organisation"]["lines"]]
    return Redactor(hidden, named, kept)


def with_text(clause: Clause, text: str) -> Clause:
    shown = copy.copy(clause)
    shown.text = text
    return shown


def as_lines(clauses: list[Clause]) -> Iterable[PublicClause]:
    preamble, groups = clause_tree(clauses)
    yield from (PublicClause(clause.text, "", 0) for clause in preamble)
    yield from lines_of(groups)


def lines_of(groups: list[Group]) -> Iterable[PublicClause]:
    for group in groups:
        for node in group.nodes:
            yield PublicClause(node.clause.text, node.number or "–", node.clause.level)
            yield from lines_of(node.groups)
