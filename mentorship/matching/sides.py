"""What matching knows of people and of a school's rules: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum


@dataclass(frozen=True)
class Side:
    """A person on either side.

    `subjects`, `days`, `places` are compared word for word; `years`: full years of teaching, None where unknown;
    `wishes`: keys of the other side, the most wanted first; `vetoes`: whom the person would rather not work with.
    """

    key: int
    name: str = ""
    category: str = "teacher"
    subjects: frozenset[str] = frozenset()
    years: int | None = None
    days: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    wishes: tuple[int, ...] = ()
    vetoes: frozenset[int] = frozenset()
    consented: bool = True


@dataclass(frozen=True)
class MentorSide(Side):
    """`free`: how many more people the mentor takes; `leads`: the places whose people are under the mentor."""

    competences: frozenset[str] = frozenset()
    free: int = 1
    leads: frozenset[str] = frozenset()
    leads_everybody: bool = False


@dataclass(frozen=True)
class MenteeSide(Side):
    """`past`: (key of a mentor, topic) of every pair there was or is."""

    difficulties: frozenset[str] = frozenset()
    past: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True)
class Weights:
    """How much each term counts, from 0 to 10; the order decides between equal terms of one pair."""

    needs: int = 4
    subject: int = 3
    mentee_wish: int = 3
    mentor_wish: int = 2
    experience: int = 1
    time: int = 1
    place: int = 1

    @property
    def full(self) -> int:
        """The points of a pair that fits in everything but wishes and convenience, which come on top."""
        basis = self.needs + self.subject + self.experience
        return 100 * (basis or sum(getattr(self, term) for term in TERMS))


TERMS = tuple(one.name for one in fields(Weights))
# Without any of these a pair has nothing to work on, however convenient it is.
SUBSTANCE = ("needs", "subject", "mentee_wish", "mentor_wish")


@dataclass(frozen=True)
class Rules:
    """A school's rules.

    `answers`: difficulty → competence → how well the one is answered by the other, 0…100. `forms`: categories
    (mentor, mentee) for which there is a form of mentoring. `topic`: in which nobody is paired with the same
    mentor twice. `difficulty_words` and `competence_words`: code → what it is called.
    """

    weights: Weights = Weights()
    answers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    forms: frozenset[tuple[str, str]] = frozenset({("teacher", "teacher")})
    topic: str = ""
    bars_superiors: bool = True
    difficulty_words: Mapping[str, str] = field(default_factory=dict)
    competence_words: Mapping[str, str] = field(default_factory=dict)


class Bar(IntEnum):
    """Why a pair is not permitted; the smaller one is told where there are several, what can be mended comes last."""

    NONE = 0
    SELF = 1
    FORM = 2
    SUPERIOR = 3
    PAST = 4
    PRIVATE = 5
    WEAK = 6
    MENTEE_CONSENT = 7
    MENTOR_CONSENT = 8
    FULL = 9


# A private wish not to be paired is told in words that do not say whose wish it is, nor that it was a wish.
BARRED = {
    Bar.NONE: "",
    Bar.SELF: "Это один и тот же человек.",
    Bar.FORM: "Для таких участников нет формы наставничества.",
    Bar.SUPERIOR: "Наставник — непосредственный руководитель наставляемого.",
    Bar.PAST: "По этому направлению они уже были в паре.",
    Bar.PRIVATE: "Пару не предлагаем по личным обстоятельствам.",
    Bar.WEAK: "Ни предмет, ни сильные стороны наставника не отвечают запросу.",
    Bar.MENTEE_CONSENT: "Наставляемый не дал согласия на обработку данных.",
    Bar.MENTOR_CONSENT: "Наставник не дал согласия на обработку данных.",
    Bar.FULL: "У наставника нет свободных мест.",
}
