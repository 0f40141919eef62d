"""What nobody should ever send: wrong and odd values for each kind of field, hostile queries, fields of the model."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.browser.visitor import Field, Form, Sent, Upload, Value

Answers = dict[str, list[Value]]
LETTERS = "Ы" * 10_000
# Each of these letters becomes eighteen when a login is normalised.
GROWING = "\ufdfa"
MARKUP = '"><script>alert(1)</script>'
CONTROL = "Проба\x01\x08\x1b\u202e\ufffe"
LINES = "1|number|own-1|{{ 7 }}{% debug %} %s {n}\r\n9|x|y|z"
DIGITS = "9" * 5000
HUGE = str(10**18)
UNREADABLE = ("a\0b", b"\xff\xfe", "\ud800")
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
WRONG_FILES = (
    Upload("scan.pdf", EXE),
    Upload("scan.svg", SVG, "image/svg+xml"),
    Upload("scan.pdf", b""),
    Upload("scan.png", SVG),
)
ODD_FILES = (Upload("../../" + "Щ" * 300 + "\x01.pdf", EXE), Upload("", b""), "не файл")
FAR = (
    ("0001-01-01", "0001-01-02", "0001-01-03"),
    ("9999-12-29", "9999-12-30", "9999-12-31"),
    ("2026-05-31", "0001-01-01", "9999-12-31"),
)

WRONG = {
    "choice": ("нет такого", DIGITS),
    "date": ("31.02.2026", "2026-13-45", LETTERS),
    "number": ("три", DIGITS, "1e400"),
    "email": ("не почта", "а@б", LETTERS),
    "url": ("javascript:alert(1)", "не адрес", "http://[", "https://" + "a" * 10_000 + ".ru"),
    "file": WRONG_FILES,
}
ODD: dict[str, tuple[Value, ...]] = {
    "number": ("-1", "0", HUGE, ""),
    "email": ("a" * 60 + "@" + "б" * 60 + ".рф", "А.Б+в@example.org"),
    "url": ("https://пример.рф/" + "ы" * 100, "https://user:pass@example.org:99999/"),
    "password": (LETTERS, "коротко", CONTROL),
    "checkbox": ("нет", DIGITS),
    "hidden": (LETTERS, HUGE, "-1", MARKUP),
    "file": ODD_FILES,
}

# --- Answers that a person could give ---------------------------------------------------------------------------------
PLAIN = {
    "surname": "Проверкина",
    "given_name": "Анна",
    "patronymic": "Ивановна",
    "gender": "f",
    "inn": "7701000000",
    "ogrn": "1027700000000",
    "full_name": "Проверкина Анна Ивановна",
    "head_name": "Проверкина Анна Ивановна",
    "control": "self",
}
# What a person would fill in although the form does not mark it: the service asks for it in this very case.
EXPECTED = {
    "text": "1. Общие положения",
    "content": "Помощь молодому педагогу",
    "term": "до конца учебного года",
    "pay": "10 % оклада ежемесячно",
    "representative": "Проверкина Анна Ивановна",
    "relation": "мать",
    "original_place": "сейф куратора",
}
NUMBERED = {
    "username": "proba{n}",
    "slug": "proba-{n}",
    "template": "{{n}}-{n}",
    "number": "{n}-од",
    "email": "proba{n}@example.org",
}
FREE_DAYS = date(2060, 1, 1)
TERM_DAYS = 200
turns = itertools.count(501)


def plausible(form: Form) -> Answers:
    """What the form holds already, and something fitting wherever it asks for an answer."""
    turn = next(turns)
    return {name: list(one.values) if any(one.values) else fitting(one, turn) for name, one in form.fields.items()}


def fitting(one: Field, turn: int) -> list[Value]:
    """An ordinary answer where one is asked for; otherwise the field stays as it is."""
    if one.kind in ("radio", "group"):
        return [one.options[0]]
    if one.name in EXPECTED:
        return [EXPECTED[one.name]]
    if not one.required or one.kind in ("file", "checkbox", "hidden"):
        return list(one.values)
    if one.kind == "select":
        place = int(one.name.rpartition("_")[2]) if one.name.startswith("mentee_") else 0
        return [value for value in one.options if value][place:][:1]
    if one.kind == "date":
        return [day_for(one.name, turn)]
    return [NUMBERED.get(one.name, PLAIN.get(one.name, "Проба {n}")).format(n=turn)]


def day_for(name: str, turn: int) -> str:
    """A period of its own for each turn, so that none overlaps another; everything else happened today."""
    start = FREE_DAYS + timedelta(days=turn % 30 * 400)
    return {"starts_on": start, "ends_on": start + timedelta(days=TERM_DAYS)}.get(name, date.today()).isoformat()  # noqa: DTZ011


def flat(answers: Answers) -> Sent:
    return [(name, value) for name, values in answers.items() for value in values]


# --- Answers that nobody should give ----------------------------------------------------------------------------------
def sort_of(one: Field) -> str:
    """The kind whose wrong and odd values fit the field."""
    if one.is_choice:
        return "choice"
    return "number" if one.kind == "hidden" and "".join(one.values).isdecimal() else one.kind


def wrong_values(one: Field, foreign: Sequence[str]) -> list[Value]:
    """Values that must be refused in words; `foreign` are keys of objects that the field does not offer."""
    found: list[Value] = list(WRONG.get(sort_of(one), ()))
    if one.is_choice:
        found += foreign
    if not found and one.maxlength and one.kind != "hidden":
        found = ["Ы" * max(one.maxlength + 1, len(LETTERS))]
    return [*found, ""] if one.required and one.kind != "file" else found


def odd_values(one: Field) -> list[Value]:
    """Values that may be taken or refused, but never break anything; days have steps of their own."""
    if one.kind == "date":
        return []
    if one.is_choice:
        return list(one.options[-1:])
    longest = min(one.maxlength or len(LETTERS), len(LETTERS))
    texts = (CONTROL, "Щ" * longest, GROWING * min(longest, 500), MARKUP + LINES, "   ")
    return list(ODD.get(sort_of(one), [text[:longest] for text in texts]))


@dataclass(frozen=True)
class Step:
    """One hostile answer: what is changed in a plausible one, and whether it must be refused in words.

    `status` is the only right answer where the door itself refuses; `fields` must each say why they are refused;
    `again`: what was refused is replaced and the rest sent once more.
    """

    what: str
    change: Callable[[Form, Answers], Answers]
    status: int = 0
    token: bool = True
    refused: bool = False
    again: bool = False
    fields: frozenset[str] = frozenset()

    def unjudged(self) -> Step:
        """The same answer where only a failure counts."""
        return replace(self, refused=False)


def steps_for(form: Form, foreign: Callable[[Field], Sequence[str]]) -> Iterator[Step]:
    """What is tried on a form: first what must be refused, then what may be taken."""
    yield Step("no token", lambda form, answers: answers, status=403, token=False)
    number = len(form.fields) % len(UNREADABLE)
    yield Step(f"unreadable {number}", with_first(UNREADABLE[number]), status=400)
    wrong = {shape_of(name): wrong_values(one, foreign(one)) for name, one in form.fields.items()}
    wrong = {name: values for name, values in wrong.items() if values}
    for turn in range(max(map(len, wrong.values()), default=0)):
        yield Step(f"all wrong {turn}", everywhere(wrong, turn), refused=True, fields=frozenset(wrong))
    for half in ([*wrong][::2], [*wrong][1::2]):
        some = {name: wrong[name] for name in half}
        if some:
            yield Step(f"wrong {', '.join(half)}", everywhere(some, 0), refused=True, fields=frozenset(some))
    yield Step("nothing", lambda form, answers: {})
    for name, value in hostile_buttons(form):
        yield Step(f"button {value[:30]}", everywhere_and(wrong, name, value))
    if {"starts_on", "ends_on"} <= set(form.fields):
        days = {"starts_on": ["2026-09-30"], "ends_on": ["2026-09-01"]}
        yield Step("period turned round", everywhere(days, 0), refused=True)
    odd = {shape_of(name): odd_values(one) for name, one in form.fields.items()}
    for turn in range(max(map(len, odd.values()), default=1)):
        yield Step(f"odd {turn}", everywhere(odd, turn), again=True)
    for days in FAR if any(one.kind == "date" for one in form.fields.values()) else ():
        yield Step(f"days {days[0]}", with_days(days), again=True)


def shape_of(name: str) -> str:
    """A name without the number of a row in it."""
    return "".join("#" if sign.isdecimal() else sign for sign in name)


def with_first(value: Value) -> Callable[[Form, Answers], Answers]:
    def change(form: Form, answers: Answers) -> Answers:
        name = next((name for name, one in form.fields.items() if one.kind != "file"), "lost")
        return {**answers, name: [value]}

    return change


def everywhere(values: dict[str, list[Value]], turn: int) -> Callable[[Form, Answers], Answers]:
    """Each field gets the value of the turn; whoever has fewer begins again."""

    def change(form: Form, answers: Answers) -> Answers:
        known = {name: values.get(shape_of(name)) for name in answers}
        return answers | {name: [many[turn % len(many)]] for name, many in known.items() if many}

    return change


def everywhere_and(values: dict[str, list[Value]], name: str, value: str) -> Callable[[Form, Answers], Answers]:
    return lambda form, answers: {**everywhere(values, 0)(form, answers), name: [value]}


def with_days(days: Sequence[str]) -> Callable[[Form, Answers], Answers]:
    def change(form: Form, answers: Answers) -> Answers:
        named = [name for name, one in form.fields.items() if one.kind == "date"]
        lists = [one for one in form.fields.values() if one.kind == "select" and not one.required]
        chosen = {one.name: one.options[-1:] for one in lists}
        return {**answers, **chosen, **{name: [day] for name, day in zip(named, days, strict=False)}}

    return change


def hostile_buttons(form: Form) -> list[tuple[str, str]]:
    """Named buttons with the keys that they never carry."""
    verbs = sorted({(name, value.partition(":")[0]) for name, value in form.buttons})
    keys = itertools.cycle((f":{DIGITS}", ":²", f":{HUGE}", ":abc", ""))
    return [(name, verb + next(keys)) for name, verb in verbs for _ in range(2)]


# --- Queries ----------------------------------------------------------------------------------------------------------
QUERY_VALUES = (
    "-1",
    HUGE,
    DIGITS,
    "02026" + DIGITS,
    "abc",
    "²",
    "31.02.2026",
    "0001-01-01",
    "9999-12-31",
    "а " * 5000,
    MARKUP,
    "//evil.example/",
)
# What is left when the mixed queries have asked for the rest.
SINGLE_VALUES = (DIGITS, "02026" + DIGITS, "²", "31.02.2026", "0001-01-01", "а " * 5000, MARKUP)
UNREADABLE_QUERIES = ("q=%00", "q=%ff", "page=%ED%A0%80", "%00=1")
ALWAYS = ("page", "q", "state", "year", "next", "since", "until")


def mixed_queries(names: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Every parameter at once: numbers, words, days; and each of them twice."""
    known = [*ALWAYS, *names]
    one = [(name, QUERY_VALUES[place % len(QUERY_VALUES)]) for place, name in enumerate(known)]
    long = [(name, LETTERS if name == "q" else HUGE) for name in known]
    twice = [(name, value) for name in known for value in ("abc", "2")]
    return [one, long, twice]
