"""What a pair needs besides what the law asks before its order: a programme, and what its kinds advise."""

from __future__ import annotations

from mentorship.models.meetings import Meeting
from mentorship.models.needs import Need, sentence
from mentorship.models.pairs import Pair, PairState
from mentorship.models.programmes import Programme, ProgrammeState
from mentorship.models.rules import kind_hints

PROGRAMME, HINT = "programme", "hint"


def further_checks(pair: Pair) -> list[Need]:
    """What follows the needs of `checks_of` on the list of a pair that is formed or works; nothing of it blocks."""
    if pair.state not in (PairState.FORMING, PairState.ACTIVE):
        return []
    return ([programme_check(pair)] if pair.state == PairState.ACTIVE else []) + hint_checks(pair)


def programme_check(pair: Pair) -> Need:
    """«нет программы», «на согласовании», «утверждена»: asked of a pair that works, not of its order."""
    programme = Programme.objects.filter(pair=pair).current().first()
    if programme is None:
        detail = "нет программы: её составляет наставник вместе с наставляемым"
    else:
        state = ProgrammeState(programme.state).label
        detail = f"утверждена, готовится корректировка: {state}" if programme.is_correction else state
    met = programme is not None and programme.version > 0
    text = sentence(f"Нет утверждённой программы: {pair.title}")
    return Need(PROGRAMME, met, text, "Персонализированная программа", detail, blocks=False)


def hint_checks(pair: Pair) -> list[Need]:
    """What the kinds of the pair ask to look at."""
    has_place = Meeting.objects.filter(pair=pair).exclude(place="").exclude(state="cancelled").exists()
    hints = kind_hints(pair.mentor, pair.mentees, pair.kinds.all(), has_place=has_place)
    return [Need(HINT, False, sentence(title), title, detail, blocks=False) for title, detail in hints]
