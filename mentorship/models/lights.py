"""Words of state for lists: the lights of a person's consents and the chips of a pair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.russian import plural
from mentorship.models.consent_states import ConsentState, KindState, states_of
from mentorship.models.consents import ConsentKind
from mentorship.models.needs import GOAL, INTERVIEW, ORDER, Need
from mentorship.models.pairs import Pair, PairState
from mentorship.models.participants import Participant
from orders.models import OrderState

LETTERS = {
    ConsentKind.PROCESSING: "Д",
    ConsentKind.MENTOR: "Н",
    ConsentKind.DISSEMINATION: "П",
    ConsentKind.PHOTO: "Ф",
    ConsentKind.TRANSFER: "М",
}
NAMES = {
    ConsentKind.PROCESSING: "обработка данных",
    ConsentKind.MENTOR: "работа наставником",
    ConsentKind.DISSEMINATION: "публикация на сайте",
    ConsentKind.PHOTO: "фото и видео",
    ConsentKind.TRANSFER: "передача муниципалитету",
}
COLOURS = {ConsentState.LIVE: "ok", ConsentState.SOON: "wait", ConsentState.ASKED: "wait"}
# The kinds of the chips that say the same in words.
CHIPS = {
    ConsentState.NONE: "",
    ConsentState.ASKED: "wait",
    ConsentState.LIVE: "ok",
    ConsentState.SOON: "wait",
    ConsentState.EXPIRED: "late",
    ConsentState.WITHDRAWN: "",
    ConsentState.REFUSED: "no",
}


@dataclass(frozen=True)
class Light:
    """A letter with a colour; `state` is ok, wait (soon to end, or asked for) or no, `words` says the same in full."""

    letter: str
    state: str
    words: str


@dataclass(frozen=True)
class Chip:
    """A word of state; `kind` is ok, go, wait, no, late or empty."""

    word: str
    kind: str = ""


def consent_lights(participants: Iterable[Participant], day: dt.date) -> dict[int, list[Light]]:
    """The lights of everybody on a page: pk → one light for each kind; one query."""
    return {
        pk: [light(kind, states[kind.value]) for kind in LETTERS] for pk, states in states_of(participants, day).items()
    }


def light(kind: ConsentKind, state: KindState) -> Light:
    return Light(LETTERS[kind], COLOURS.get(state.state, "no"), f"{NAMES[kind]}: {state.words}")


def chips_of(pair: Pair, needs: Sequence[Need], day: dt.date) -> list[Chip]:
    """The state of a pair in words that say what is missing; `needs` as given by `needs_of`."""
    if pair.state == PairState.FORMING:
        return forming_chips(pair, [need for need in needs if need.what != ORDER])
    if pair.state == PairState.ACTIVE:
        return [active_chip(pair, day)]
    return [Chip(pair.get_state_display())]


def active_chip(pair: Pair, day: dt.date) -> Chip:
    if pair.ends_on < day:
        return Chip(f"срок истёк {pair.ends_on:%d.%m.%Y}", "late")
    if pair.starts_on > day:
        return Chip(f"начнётся {pair.starts_on:%d.%m.%Y}", "go")
    return Chip("действует", "ok")


def forming_chips(pair: Pair, missing: Sequence[Need]) -> list[Chip]:
    chips = []
    consents = sum(need.is_consent for need in missing)
    if consents == 1:
        chips.append(Chip("нет согласия", "no"))
    elif consents:
        chips.append(Chip(f"нет {plural(consents, 'согласия', 'согласий', 'согласий')}", "no"))
    what = {need.what for need in missing}
    chips += [
        Chip(words, "no") for kind, words in ((INTERVIEW, "нет собеседования"), (GOAL, "нет цели")) if kind in what
    ]
    if pair.order is None:
        chips.append(Chip("нет приказа", "" if missing else "wait"))
    elif pair.order.state == OrderState.SUBMITTED:
        chips.append(Chip("на утверждении", "go"))
    else:
        chips.append(Chip("в проекте приказа", "go"))
    return chips
