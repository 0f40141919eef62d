"""What an order's words are made of: people in every case, and the facts common to all kinds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models.functions import Lower
from django.utils import dateformat

from accounts.models import DeclensionOverride
from core.russian import Case, decline_name, decline_post, gender_of, short_name
from orders.kinds import Facts
from orders.models import LegalAct, Order, Protocol
from orders.services.library import grounds

NO_BREAK = "\u00a0"
OBLIQUE = [case for case in Case if case is not Case.NOMINATIVE]
INITIALS = re.compile(r"[А-ЯЁA-Z]\.")
OPENING = re.compile(r"(?:и )?(?:в|на|во|согласно|по|с|со|руководствуясь|исходя|учитывая)\s", re.IGNORECASE)
IS_PURPOSE = re.compile(r"(?:в|во|на|с|со|согласно|руководствуясь|учитывая|для|по)\s", re.IGNORECASE)

Overrides = Mapping[tuple[str, str], Mapping[str, str]]
# Where the params of a draft keep the forms that its drafter has looked at: kind → nominative in small letters → case.
CONFIRMED = "words"


def overrides_for(words: Iterable[str], order: Order | None = None) -> Overrides:
    """Confirmed declensions of the given names and posts, as `core.russian` takes them; one query, two with an order.

    With an order: those too that its organisation has confirmed for its orders.
    """
    wanted = {" ".join(word.split()).lower() for word in words if word.strip()}
    rows = DeclensionOverride.objects.alias(plain=Lower("nominative")).filter(plain__in=wanted)
    found: dict[tuple[str, str], Mapping[str, str]] = {
        (row.kind, row.nominative.lower()): {case.value: getattr(row, case.value) for case in OBLIQUE} for row in rows
    }
    return {**found, **(confirmed_words(order) if order else {})}


def confirmed_words(order: Order) -> Overrides:
    """Forms that the organisation has confirmed in this or in another order, the latest win; one query."""
    rows = Order.objects.filter(organisation=order.organisation_id, params__has_key=CONFIRMED).exclude(pk=order.pk)
    kept = [*rows.order_by("pk").values_list(f"params__{CONFIRMED}", flat=True), order.params.get(CONFIRMED) or {}]
    return {
        (kind, nominative): forms
        for words in kept
        for kind, found in words.items()
        for nominative, forms in found.items()
    }


def people_in(facts: Any) -> Iterator[dict[str, Any]]:
    """Everybody whom the facts name in words of `person_facts`, however deep, repeated ones too."""
    if isinstance(facts, dict):
        if all(isinstance(facts.get(part), dict) for part in ("full", "short", "post")):
            yield facts
            return
        facts = list(facts.values())
    if isinstance(facts, list | tuple):
        for one in facts:
            yield from people_in(one)


def with_confirmed(facts: Facts, confirmed: Overrides) -> Facts:
    """The same facts, their posts and hand-typed names in the confirmed forms."""
    for person in people_in(facts) if confirmed else ():
        said = (person[part].get(Case.NOMINATIVE.value, "") for part in ("post", "full"))
        post, name = (" ".join(words.lower().split()) for words in said)
        person["post"] = {**person["post"], **confirmed.get(("post", post), {})}
        if person.get("number") is None and (forms := confirmed.get(("name", name))):
            person["full"] = {**person["full"], **forms}
            person["short"] = short_forms(person["full"])
    return facts


def person_facts(
    full_name: str,
    gender: str,
    post: str,
    *,
    forms: Mapping[str, str] | None = None,
    overrides: Overrides | None = None,
    number: int | None = None,
) -> dict[str, Any]:
    """A person in the words of an order, JSON-ready.

    `full`, `short` («Фамилия И. О.») and `post` hold all six cases by the names of `Case`; `signature` is
    «И. О. Фамилия»; `number` is the key by which `redact` knows the person (None: nobody's consent is on record).
    `forms` are five oblique forms of the name that somebody has saved: they win over `overrides`, which win over
    the grammar. An unknown gender («») is read from the name.
    """
    full = {case.value: declined(full_name, case, gender or None, forms, overrides) for case in Case}
    return {
        "number": number,
        "gender": gender or str(gender_of(full_name) or ""),
        "full": full,
        "short": short_forms(full),
        "signature": short_name(full_name, surname_first=False),
        "post": {case.value: decline_post(post, case, overrides=overrides) if post else "" for case in Case},
    }


def declined(
    full_name: str, case: Case, gender: str | None, forms: Mapping[str, str] | None, overrides: Overrides | None
) -> str:
    saved = (forms or {}).get(case.value, "") if case is not Case.NOMINATIVE else ""
    return saved or decline_name(full_name, case, gender=gender, overrides=overrides)


def short_forms(full: Mapping[str, str]) -> dict[str, str]:
    """«Фамилия И. О.» in six cases; a name that was given with initials stays as it was written.

    Which word is the surname is read from the nominative: an oblique form does not show it.
    """
    nominative = full[Case.NOMINATIVE.value]
    if INITIALS.search(nominative):
        return {case: NO_BREAK.join(name.split()) for case, name in full.items()}
    words, short = nominative.split(), short_name(nominative, surname_first=True).split()
    found = {}
    for case, name in full.items():
        matched = dict(zip(words, name.split(), strict=False))
        found[case] = NO_BREAK.join(matched.get(word, word) for word in short)
    return found


def day_words(day: dt.date) -> str:
    """««01» сентября 2026 г.» with no-break spaces."""
    return dateformat.format(day, "«d» E Y г.").replace(" ", NO_BREAK)


def common_facts(order: Order) -> Facts:
    """Facts of every order; those of its kind are added by `order_facts`. Reads only.

    organisation {lines, name, place}, title, preamble, effective_on (ISO or None), effective_words («даты
    подписания» where no day is given), responsible and controller (people or None), control (a sentence),
    people (empty, for the kind to fill with those whom the order is about), signer {full_name, post, signature}.
    """
    params, organisation = order.params, order.organisation
    names = [params.get(f"{who}_{part}") or "" for who in ("responsible", "control") for part in ("name", "post")]
    overrides = overrides_for(names, order)
    effective = params.get("effective_on")
    controller = named_person(params, "control", overrides) if params.get("control") == "person" else None
    return {
        "organisation": {
            "lines": organisation.header_lines,
            "name": organisation.name,
            "place": organisation.place,
        },
        "title": order.title,
        "preamble": preamble(params.get("purpose") or "", [*chosen_grounds(order), *(params.get("basis") or [])]),
        "effective_on": effective,
        "effective_words": day_words(dt.date.fromisoformat(effective)) if effective else "даты подписания",
        "responsible": named_person(params, "responsible", overrides),
        "controller": controller,
        "control": control_sentence(controller),
        "people": [],
        "signer": order.signer_facts(order.signer_day()),
    }


def chosen_acts(order: Order) -> list[LegalAct]:
    """The acts that the draft names as its ground, in the order of the library."""
    wanted = order.params.get("acts") or []
    return list(LegalAct.objects.for_organisation(order.organisation).filter(pk__in=wanted)) if wanted else []


def chosen_grounds(order: Order) -> list[str]:
    """The acts and decisions that the draft names, in the words of a preamble."""
    wanted = order.params.get("protocols") or []
    rows = Protocol.objects.filter(organisation=order.organisation_id, pk__in=wanted).select_related("body")
    return grounds(chosen_acts(order), list(rows.order_by("held_on", "pk")) if wanted else [])


def named_person(params: Mapping[str, Any], who: str, overrides: Overrides) -> dict[str, Any] | None:
    name = params.get(f"{who}_name") or ""
    if not name:
        return None
    gender, post = params.get(f"{who}_gender") or "", params.get(f"{who}_post") or ""
    return person_facts(name, gender, post, overrides=overrides)


def control_sentence(controller: Mapping[str, Any] | None) -> str:
    if controller is None:
        return "Контроль за исполнением приказа оставляю за собой."
    name, post = controller["short"]["accusative"], controller["post"]["accusative"]
    return f"Контроль за исполнением приказа возложить на {name}{', ' + post if post else ''}."


def preamble(purpose: str, basis: Iterable[str]) -> str:
    """«В целях …, на основании …, в соответствии с …»: the purpose and the grounds as one sentence without an end.

    A line that already begins as such a phrase («в соответствии с», «и на основании») is taken as it is.
    """
    said = purpose if not purpose or IS_PURPOSE.match(purpose) else f"В целях {lower_first(purpose)}"
    for line in basis:
        ground = line if OPENING.match(line) else f"на основании {line}"
        if not said:
            said = ground
        else:
            said += (" " if ground.startswith("и ") else ", ") + lower_first(ground)
    return said[:1].upper() + said[1:]


def lower_first(words: str) -> str:
    """A phrase inside a sentence: a small letter unless the first word is an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def order_facts(order: Order) -> Facts:
    """The common facts with those of the kind over them, in the forms that the organisation has confirmed."""
    return with_confirmed({**common_facts(order), **order.kind_entry.facts(order)}, confirmed_words(order))
