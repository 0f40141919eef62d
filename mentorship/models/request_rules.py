"""What people of a pair may ask for: who may ask for it, whom it is about, who reads it, which order carries it out."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class RequestKind(models.TextChoices):
    RESIGN = "resign", "о сложении обязанностей наставника"
    REPLACE = "replace", "о замене наставника"
    RELEASE = "release", "об освобождении от обязанностей на мероприятие"
    HELP = "help", "о помощи"
    MEDIATION = "mediation", "о посредничестве"
    REWARD = "reward", "о поощрении"
    DISCIPLINE = "discipline", "о дисциплинарном воздействии"
    CONTEST = "contest", "об участии в конкурсе"
    SUGGESTION = "suggestion", "предложение по программе"


MENTOR, MENTEE = "mentor", "mentee"
BOTH = frozenset({MENTOR, MENTEE})
# Seen only by those who deal with them; the history and the letters do not say what they are about.
RESTRICTED = (RequestKind.MEDIATION, RequestKind.DISCIPLINE)
# Of these the director knows nothing either: a quarrel is talked over with the mediators alone.
NOT_FOR_DIRECTOR = (RequestKind.MEDIATION,)
# Nothing but an approved order carries these out.
BY_ORDER = (RequestKind.RESIGN, RequestKind.REPLACE, RequestKind.RELEASE)
CHANGES_MENTOR = (RequestKind.RESIGN, RequestKind.REPLACE)


@dataclass(frozen=True)
class Rule:
    """What a kind of request is.

    title     «Заявление о замене наставника»
    sides     which sides of a pair may submit it
    about     whom of the pair it concerns: «mentor» by itself, «mentee» chosen, «other» the other side, empty nobody
    readers   who will read it, for the page that asks
    question  over the field of the words
    orders    codes of the order kinds that may carry it out; one that is not installed is not offered
    """

    title: str
    sides: frozenset[str]
    readers: str
    question: str = "Причина"
    about: str = ""
    orders: tuple[str, ...] = ()


CURATOR_AND_DIRECTOR = "Прочитают куратор и директор."
RULES_OF_REQUESTS: dict[str, Rule] = {
    RequestKind.RESIGN: Rule(
        "Заявление о сложении обязанностей наставника",
        frozenset({MENTOR}),
        "Прочитают куратор и директор. Отказ от этой работы — ваше право, а не проступок.",
        about=MENTOR,
        orders=("replacement", "ending"),
    ),
    RequestKind.REPLACE: Rule(
        "Заявление о замене наставника",
        BOTH,
        "Прочитают куратор и директор. Наставник сменится только по приказу.",
        about=MENTOR,
        orders=("replacement",),
    ),
    RequestKind.RELEASE: Rule(
        "Заявление об освобождении от обязанностей на мероприятие",
        BOTH,
        "Прочитают куратор и директор; решает только директор.",
        "Почему без этого не обойтись",
        orders=("release",),
    ),
    RequestKind.HELP: Rule(
        "Просьба о помощи", BOTH, "Прочитает куратор, а если помощь нужна наставляемому — и наставник.", "Что нужно"
    ),
    RequestKind.MEDIATION: Rule(
        "Просьба о посредничестве",
        BOTH,
        "Прочитают только куратор и посредники, которых он назовёт. Вторая сторона и директор её не увидят.",
        "Что случилось",
        about="other",
    ),
    RequestKind.REWARD: Rule(
        "Предложение о поощрении",
        frozenset({MENTOR}),
        CURATOR_AND_DIRECTOR,
        "За что",
        about=MENTEE,
        orders=("rewards",),
    ),
    RequestKind.DISCIPLINE: Rule(
        "Предложение о дисциплинарном воздействии",
        frozenset({MENTOR}),
        "Прочитают только куратор и директор. Тот, о ком предложение, его не увидит.",
        "Что случилось",
        about=MENTEE,
    ),
    RequestKind.CONTEST: Rule(
        "Предложение об участии в конкурсе",
        frozenset({MENTOR}),
        CURATOR_AND_DIRECTOR,
        "Какой конкурс и почему",
        about=MENTEE,
    ),
    RequestKind.SUGGESTION: Rule("Предложение по программе", BOTH, CURATOR_AND_DIRECTOR, "Что предлагаете"),
}


def rule_of(kind: str) -> Rule:
    return RULES_OF_REQUESTS[kind]
