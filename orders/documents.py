"""What an order looks like on paper: frozen clauses and facts → blocks of the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.urls import reverse

from accounts.models import Organisation
from accounts.permissions import today
from core.documents.blocks import read_blocks
from core.documents.docx import to_docx
from core.documents.page import PageSetup
from core.documents.parts import Block
from core.documents.pdf import to_pdf
from core.documents.stamps import Approval, Style
from core.russian import short_name
from core.uploads import safe_name
from orders.models import Clause, Endorsement, Letterhead, LocalAct, Order, OrderState, Protocol, letterhead_of

BLANK_DATE = "«____» ______________ 20___ г."
BLANK_NUMBER = "_______"
# A stamp is narrow: blanks that stand on one line.
BLANK_STAMP = "от ___.___.20___ № _____"
DRAFT = "ПРОЕКТ"


@dataclass
class Node:
    """A clause with its printed number («1.1.», empty for a dash or the preamble) and the clauses under it."""

    clause: Clause
    number: str = ""
    groups: list[Group] = field(default_factory=list)


@dataclass
class Group:
    """Neighbouring clauses of one level marked alike: one list of the document."""

    is_numbered: bool
    nodes: list[Node] = field(default_factory=list)


def clause_tree(clauses: Iterable[Clause]) -> tuple[list[Clause], list[Group]]:
    """The preamble and the lists of numbered clauses, nested by level; a level without a parent moves up."""
    preamble: list[Clause] = []
    root: list[Group] = []
    path: list[Node] = []
    for clause in clauses:
        if clause.level == 0:
            preamble.append(clause)
            continue
        del path[clause.level - 1 :]
        node = placed(clause, path[-1].groups if path else root, path[-1].number if path else "")
        path.append(node)
    return preamble, root


def placed(clause: Clause, groups: list[Group], prefix: str) -> Node:
    """Put the clause at the end of the groups of its parent; numbers go on across the dashes between them."""
    numbered = clause.marker == Clause.Marker.NUMBER
    if not groups or groups[-1].is_numbered != numbered:
        groups.append(Group(numbered))
    count = sum(len(group.nodes) for group in groups if group.is_numbered)
    node = Node(clause, f"{prefix}{count + 1}." if numbered else "")
    groups[-1].nodes.append(node)
    return node


def clause_names(clauses: Sequence[Clause]) -> dict[int, str]:
    """What each clause is called, by its key: «Преамбула», «Пункт 1.1», «Пункт 2, строка 3» for a dash."""
    preamble, groups = clause_tree(clauses)
    names = {clause.pk: "Преамбула" for clause in preamble}
    name_groups(groups, "", names)
    return names


def name_groups(groups: list[Group], parent: str, names: dict[int, str]) -> None:
    for group in groups:
        for place, node in enumerate(group.nodes, start=1):
            own = f"Пункт {node.number.rstrip('.')}" if node.number else f"{parent or 'Перечень'}, строка {place}"
            names[node.clause.pk] = own
            name_groups(node.groups, own, names)


def order_blocks(
    order: Order, clauses: Sequence[Clause] | None = None, *, with_acquaintance: bool = True
) -> list[Block]:
    """The whole paper: head, clauses, signature, acquaintance sheet, appendices.

    An order that is not approved yet has blanks for the date and the number, and today's signer.
    """
    if clauses is None:
        clauses = list(order.clauses.standing())
    names = acquainted(order.facts) if with_acquaintance else []
    said = paper(order, clauses)
    context = {
        **order.facts,
        "paper": {**said, "acquainted": names},
        "requisites": requisites(order),
        "approval": approval_of(order, said["signer"]),
    }
    return read_blocks(render_to_string("orders/documents/order.html", context))


def requisites(order: Order) -> str:
    """«от 01.09.2026 № 71-б», with blanks before approval."""
    return order.requisites or f"от {BLANK_DATE} № {BLANK_NUMBER}"


def approval_of(order: Order, signer: dict[str, str]) -> Approval:
    """What the stamp of an appendix says, in the style that the letterhead had when the draft was made."""
    return Approval(
        style=order.facts.get("stamp", Style.BY_ORDER),
        organisation=order.facts.get("organisation", {}).get("name", ""),
        post=signer["post"],
        name=signer["signature"],
        requisites=order.requisites or BLANK_STAMP,
    )


def paper(order: Order, clauses: Sequence[Clause]) -> dict[str, Any]:
    """What the template of the document needs beside the facts and the acquaintance sheet."""
    approved = order.state == OrderState.APPROVED
    preamble, groups = clause_tree(clauses)
    return {
        "organisation": order.facts.get("organisation", {}),
        "title": order.title,
        "date": f"{order.date:%d.%m.%Y}" if order.date else BLANK_DATE,
        "number": order.number or BLANK_NUMBER,
        "preamble": preamble,
        "groups": groups,
        "signer": order.facts["signer"] if approved else order.signer_facts(order.signer_day()),
        "appendices": appendices_of(order.kind),
        "endorsed": list(endorsement_lines(order)),
    }


def endorsement_lines(order: Order) -> Iterable[str]:
    """«Юрист И. О. Фамилия, 01.09.2026»: who has agreed, for the mark under the signature."""
    if order.pk is None:
        return
    for row in order.endorsements.filter(answer=Endorsement.Answer.AGREED):
        name = short_name(row.name, surname_first=False) if row.name else ""
        day = f"{row.answered_on:%d.%m.%Y}" if row.answered_on else ""
        yield ", ".join(part for part in (f"{row.title} {name}".strip(), row.paper or day) if part)


def acquainted(facts: dict[str, Any]) -> list[str]:
    """«И. О. Фамилия» of everybody whom the order names, each once, in the order of the facts."""
    people = [*facts.get("people", []), facts.get("responsible"), facts.get("controller")]
    return list(dict.fromkeys(person["signature"] for person in people if person))


def appendices_of(kind: str) -> Any:
    """The template of the kind's appendices, None where it has none."""
    try:
        return get_template(f"orders/appendices/{kind}.html")
    except TemplateDoesNotExist:
        return None


def order_setup(order: Order) -> PageSetup:
    """The sheet as the organisation's letterhead says; only an approved order has a code, any other is marked."""
    approved = order.state == OrderState.APPROVED
    setup = sheet_of(letterhead_of(order.organisation), title=str(order))
    if not approved:
        return replace(setup, code="", draft=DRAFT)
    return replace(setup, code=verification_address(order) if setup.code else "")


def verification_address(order: Order) -> str:
    return f"{settings.PORTAL_URL}{reverse('order_verify', args=[order.token])}"


def sheet_of(letterhead: Letterhead, *, title: str) -> PageSetup:
    """The sheet of any paper of the organisation; `code` says only whether the organisation wants one."""
    organisation = letterhead.organisation
    return PageSetup(
        left_mm=letterhead.left_mm,
        right_mm=letterhead.right_mm,
        top_mm=letterhead.top_mm,
        bottom_mm=letterhead.bottom_mm,
        font_size_pt=letterhead.font_size_pt,
        line_spacing=float(letterhead.line_spacing),
        title=title,
        author=organisation.name,
        code=settings.PORTAL_URL if letterhead.with_code else "",
        emblem=emblem_bytes(organisation) if letterhead.with_emblem else b"",
    )


def emblem_bytes(organisation: Organisation) -> bytes:
    """The emblem as it was checked when it came in; nothing where there is none or its file is lost."""
    if not organisation.emblem:
        return b""
    try:
        with organisation.emblem.open("rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def sample_blocks(organisation: Organisation) -> list[Block]:
    """A sheet of an order without content and the stamp of its appendix, to see the letterhead on."""
    signer = organisation.signer_on(today())
    context = {
        "paper": {
            "organisation": {
                "lines": organisation.header_lines,
                "name": organisation.name,
                "place": organisation.place,
            },
            "title": "О порядке оформления приказов",
            "date": BLANK_DATE,
            "number": BLANK_NUMBER,
            "preamble": [Clause(text="В целях единообразия документов организации")],
            "groups": [Group(True, [Node(Clause(text="Оформлять приказы на этом бланке."), "1.")])],
            "signer": {"post": signer.post, "signature": short_name(signer.full_name, surname_first=False)},
        }
    }
    stamp = {"approval": act_approval(LocalAct(organisation=organisation)), "appendix": 1}
    pages = [
        render_to_string("orders/documents/order.html", context),
        '<hr class="page">',
        render_to_string("core/documents/approval.html", stamp),
        "<p>Так начинается приложение, которое утверждает приказ.</p>",
    ]
    return read_blocks("".join(pages))


def act_blocks(act: LocalAct) -> list[Block]:
    """A local act as a paper of its own; one that no approved order has introduced has blanks in its stamp."""
    context = {
        "organisation": act_organisation(act),
        "approval": act_approval(act),
        "act": {
            "title": act.title,
            "word": act.approved_word,
            "paragraphs": act.paragraphs,
            "file": {"name": act.file_name, "sha256": act.sha256} if act.file else None,
            "marks": [mark.facts for mark in act.marks.all()] if act.pk else [],
        },
    }
    return read_blocks(render_to_string("orders/documents/act.html", context))


def introducing(act: LocalAct) -> Order | None:
    """The order that has introduced the act: what its stamp says is frozen with the facts of the order."""
    return act.order if act.state != LocalAct.State.DRAFT and act.order and act.order.facts else None


def act_organisation(act: LocalAct) -> dict[str, Any]:
    if order := introducing(act):
        return order.facts["organisation"]
    organisation = act.organisation
    return {"lines": organisation.header_lines, "name": organisation.name, "place": organisation.place}


def act_approval(act: LocalAct) -> Approval:
    if order := introducing(act):
        return approval_of(order, order.facts["signer"])
    organisation = act.organisation
    signer = organisation.signer_on(today())
    return Approval(
        style=letterhead_of(organisation).stamp,
        organisation=organisation.name,
        post=signer.post,
        name=short_name(signer.full_name, surname_first=False),
        requisites=BLANK_STAMP,
    )


def act_paper(act: LocalAct, form: str) -> tuple[str, bytes]:
    """The act as a file: its name and content; `form` is pdf or docx. A draft is marked."""
    draft = DRAFT if act.state == LocalAct.State.DRAFT else ""
    setup = replace(sheet_of(letterhead_of(act.organisation), title=act.title), code="", draft=draft)
    blocks = act_blocks(act)
    content = to_pdf(blocks, setup) if form == "pdf" else to_docx(blocks, setup)
    return safe_name(f"{act.title}.{form}"), content


def protocol_blocks(protocol: Protocol) -> list[Block]:
    """The minutes as they are printed and signed."""
    context = {
        "organisation": protocol.organisation,
        "protocol": protocol,
        "chair_short": short_name(protocol.chair, surname_first=False),
        "secretary_short": short_name(protocol.secretary, surname_first=False),
        "present": lines_of_text(protocol.present),
        "agenda": lines_of_text(protocol.agenda),
        "heard": lines_of_text(protocol.heard),
        "decided": lines_of_text(protocol.decided),
    }
    return read_blocks(render_to_string("orders/documents/protocol.html", context))


def lines_of_text(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def protocol_file(protocol: Protocol, form: str) -> tuple[str, bytes]:
    """The minutes as a file: its name and content; `form` is pdf or docx."""
    blocks = protocol_blocks(protocol)
    setup = replace(sheet_of(letterhead_of(protocol.organisation), title=str(protocol)), code="")
    content = to_pdf(blocks, setup) if form == "pdf" else to_docx(blocks, setup)
    return safe_name(f"Протокол № {protocol.number} от {protocol.held_on:%d.%m.%Y}.{form}"), content
