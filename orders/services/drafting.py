"""Facts → clauses: the template of a kind gives lines, and lines renew the clauses that nobody has edited."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.template import Context
from django.template.loader import get_template

from orders.documents import clause_names
from orders.kinds import Facts
from orders.models import Clause, Order
from orders.services.facts import order_facts

FACT = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,59}")
DOUBLE_STOP = re.compile(r"(?<!\.)\.\.(?!\.)")
PREAMBLE = "preamble"
LONGEST = 5000


class ClauseTemplateError(ValueError):
    """A clause template gave a line that is not «level|marker|fact|text»; the message names the kind and the line."""


@dataclass(frozen=True)
class Line:
    """One clause as the template gives it."""

    level: int
    marker: str
    fact: str
    text: str


def clause_lines(kind: str, facts: Facts) -> list[Line]:
    """Render `orders/kinds/<kind>.txt` and read it; the preamble of the common facts stands first.

    Values are folded to one line before, so that nothing a person typed can begin a clause of its own.
    """
    template: Any = get_template(f"orders/kinds/{kind}.txt")
    text = template.template.render(Context(folded(facts), autoescape=False))
    lines = read_lines(text, kind)
    if facts.get(PREAMBLE) and not any(line.level == 0 for line in lines):
        lines.insert(0, Line(0, Clause.Marker.NUMBER.value, PREAMBLE, tidy(facts[PREAMBLE])))
    return lines


def folded(value: Any) -> Any:
    """The facts with every text on one line; no-break spaces stay."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, dict):
        return {key: folded(one) for key, one in value.items()}
    return [folded(one) for one in value] if isinstance(value, list | tuple) else value


def tidy(text: str) -> str:
    return re.sub(r"[^\S\u00a0]+", " ", text).strip(" ")


def read_lines(text: str, kind: str) -> list[Line]:
    """Read rendered lines; empty ones are skipped. Raises `ClauseTemplateError`."""
    lines: list[Line] = []
    for place, raw in enumerate(text.split("\n"), start=1):
        if raw.strip():
            lines.append(read_line(raw, f"{kind}, line {place}"))
    facts = [line.fact for line in lines]
    if twice := {fact for fact in facts if facts.count(fact) > 1}:
        raise ClauseTemplateError(f"{kind}: the fact {min(twice)!r} stands twice.")
    depth = 0
    for line in lines:
        if line.level > depth + 1 or (line.level == 0 and depth):
            raise ClauseTemplateError(f"{kind}: level {line.level} of {line.fact!r} follows level {depth}.")
        depth = line.level
    return lines


def read_line(raw: str, where: str) -> Line:
    level, marker, fact, text = (*(part.strip() for part in raw.split("|", 3)), "", "", "", "")[:4]
    if level not in ("0", "1", "2", "3"):
        raise ClauseTemplateError(f"{where}: level must be 0 to 3, not {level!r}.")
    if marker not in Clause.Marker.values:
        raise ClauseTemplateError(f"{where}: marker must be number or dash, not {marker!r}.")
    if not FACT.fullmatch(fact) or fact.startswith(Clause.OWN):
        raise ClauseTemplateError(f"{where}: {fact!r} cannot name a fact.")
    if not text:
        raise ClauseTemplateError(f"{where}: no text.")
    # A sentence that ends with initials has one full stop.
    return Line(int(level), marker, fact, DOUBLE_STOP.sub(".", text)[:LONGEST])


@dataclass
class Merge:
    """What the clauses of a draft become: `kept` in their new order, `gone` to be deleted."""

    kept: list[Clause]
    gone: list[Clause]

    @property
    def reading(self) -> list[tuple[Any, ...]]:
        return [(c.fact, c.level, c.marker, c.text, c.generated, c.source_changed) for c in self.kept]


def merge(order: Order, stored: Sequence[Clause], lines: Sequence[Line]) -> Merge:
    """Renew the clauses by the lines of the template. Changes the given instances, saves nothing.

    An edited clause keeps its text and is marked when its source has changed or vanished; a new line goes after the
    one that precedes it in the template; own clauses and the order chosen by hand stay.
    """
    wanted = {line.fact for line in lines}
    kept: list[Clause] = []
    gone: list[Clause] = []
    for clause in stored:
        if clause.fact not in wanted and not clause.is_own:
            if not clause.edited or clause.removed:
                gone.append(clause)
                continue
            clause.source_changed = clause.source_changed or bool(clause.generated)
            clause.generated = ""
        kept.append(clause)
    by_fact = {clause.fact: clause for clause in kept}
    place = 0
    for line in lines:
        clause = by_fact.get(line.fact) or Clause(order=order, fact=line.fact, text=line.text, generated=line.text)
        if line.fact not in by_fact:
            kept.insert(place, clause)
        renew(clause, line)
        place = kept.index(clause) + 1
    for position, clause in enumerate(kept):
        clause.position = position
    return Merge(kept, gone)


def renew(clause: Clause, line: Line) -> None:
    clause.level, clause.marker = line.level, line.marker
    if not clause.edited:
        clause.text = clause.generated = line.text
    elif clause.generated != line.text:
        clause.generated = line.text
        clause.edited = clause.source_changed = clause.text != line.text


def current_facts(order: Order) -> Facts:
    """The facts as JSON keeps them."""
    return json.loads(json.dumps(order_facts(order)))


def is_outdated(order: Order) -> bool:
    """Whether the data have changed since the draft was made from them, so that it has to be renewed and read again.

    Today's signer does not count: the signer of the day of approval is taken anyway.
    """
    facts = current_facts(order)
    if without_signer(facts) != without_signer(order.facts):
        return True
    stored = list(order.clauses.all())
    before = Merge(stored, []).reading
    after = merge(order, stored, clause_lines(order.kind, facts))
    return bool(after.gone) or after.reading != before


@dataclass(frozen=True)
class TextChange:
    """What renewing does to one clause; `old` is empty for a new clause, `new` for one that goes.

    `kept`: the drafter's own words stay, the words of the data only stand beside them.
    """

    name: str
    old: str
    new: str
    kept: bool = False

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """(«same», «del» or «ins», words): the two texts compared word by word."""
        old, new = self.old.split(), self.new.split()
        found: list[tuple[str, list[str]]] = []
        for code, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            found += [("same", old[i1:i2])] if code == "equal" else [("del", old[i1:i2]), ("ins", new[j1:j2])]
        return [(tag, " ".join(words)) for tag, words in found if words]


def pending_changes(order: Order) -> list[TextChange]:
    """What «refresh» would do to the text of the draft now, in the order of the paper; reads only."""
    stored = list(order.clauses.all())
    names = clause_names([clause for clause in stored if not clause.removed])
    before = {clause.fact: (clause.text, clause.generated) for clause in stored}
    result = merge(order, stored, clause_lines(order.kind, current_facts(order)))
    for place, clause in enumerate(result.kept, start=1):
        # Names are kept by key, and a clause that is not in the database has none.
        clause.pk = clause.pk or -place
    names = {**names, **clause_names([clause for clause in result.kept if not clause.removed])}
    found = [TextChange(names[one.pk], one.text, "") for one in result.gone if not one.removed]
    for clause in result.kept:
        text, generated = before.get(clause.fact, ("", ""))
        if clause.removed:
            continue
        if clause.text != text:
            found.append(TextChange(names[clause.pk], text, clause.text))
        elif clause.source_changed and clause.generated != generated:
            found.append(TextChange(names[clause.pk], generated, clause.generated, kept=True))
    return found


def without_signer(facts: Facts) -> Facts:
    return {key: value for key, value in facts.items() if key != "signer"}


def marked(clauses: Iterable[Clause]) -> list[Clause]:
    """Clauses about which the drafter still has to decide."""
    return [clause for clause in clauses if clause.source_changed and not clause.removed]
