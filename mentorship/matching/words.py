"""Matching in Russian: the reason of a pair, why not another one, and what would help whoever is left over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.russian import plural
from mentorship.matching.sides import TERMS, MenteeSide, MentorSide, Rules

MOST_REASONS, MOST_WORDS = 3, 3
PLACES = ("первым", "вторым", "третьим")
DAYS = {
    "mon": "понедельник",
    "tue": "вторник",
    "wed": "среда",
    "thu": "четверг",
    "fri": "пятница",
    "sat": "суббота",
}
# What is said where another mentor has more of a term than the one asked about.
LACKS = {
    "needs": "лучше отвечает затруднениям",
    "subject": "ближе по предмету",
    "mentee_wish": "наставляемый назвал его сам",
    "mentor_wish": "сам хотел бы вести этого человека",
    "experience": "опытнее",
    "time": "удобнее по времени",
    "place": "работает рядом",
}
HELP_CONSENT = "Нет согласия на обработку данных: запишите его, и человек войдёт в подбор."
HELP_EMPTY_MENTEE = "В карточке нет ни затруднений, ни предмета: без них совпадения не найти. Дополните карточку."
HELP_EMPTY_MENTOR = "В карточке нет ни компетенций, ни предмета: без них совпадения не найти. Дополните карточку."
HELP_FULL = "Кто подходит, уже занят. Спросите, не возьмёт ли ещё одного:"
HELP_ASK = "Подошёл бы наставник без согласия на обработку данных. Попросите согласие:"
HELP_NOBODY = "Подходящего наставника в банке нет."
HELP_OUTBID = "Те, кому подходит этот наставник, нашли более сильное совпадение."
HELP_UNNEEDED = "Сейчас никому из ждущих не нужно то, в чём силён этот наставник. Держите его в запасе."
HELP_NO_MENTEES = "Все, кто ждал наставника, уже с наставником или сам пока не может участвовать."
HELP_BARRED = "Закреплённую пару составить нельзя: {reason}"
FIXED = "Вы закрепили другую пару: {name}."
EQUAL = "Подходит не хуже: предложен другой набор, потому что он лучше для всех вместе."


def as_sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def reason(mentor: MentorSide, mentee: MenteeSide, rules: Rules, points: Mapping[str, int]) -> str:
    """One sentence: the term that decides first, after it the others that count; `points`: term → points."""
    counted = [term for term in TERMS if points[term] > 0]
    ordered = sorted(counted, key=lambda term: (-points[term], TERMS.index(term)))
    told = [TELLERS[term](mentor, mentee, rules) for term in ordered[:MOST_REASONS]]
    return as_sentence("; ".join(told)) if told else "Совпадений нет."


def told_needs(mentor: MentorSide, mentee: MenteeSide, rules: Rules) -> str:
    answered = [code for code in mentee.difficulties if answer_of(code, mentor.competences, rules) > 0]
    ordered = sorted(answered, key=lambda code: (-answer_of(code, mentor.competences, rules), code))
    return f"наставник силён в том, что трудно: {listed(ordered, rules.difficulty_words)}"


def answer_of(difficulty: str, competences: Iterable[str], rules: Rules) -> int:
    known = rules.answers.get(difficulty, {})
    return max((known.get(code, 0) for code in competences), default=0)


def listed(codes: Iterable[str], words: Mapping[str, str]) -> str:
    codes = list(codes)
    more = f" и ещё {len(codes) - MOST_WORDS}" if len(codes) > MOST_WORDS else ""
    return ", ".join(words.get(code, code) for code in codes[:MOST_WORDS]) + more


def told_subject(mentor: MentorSide, mentee: MenteeSide, rules: Rules) -> str:
    return f"совпадает предмет — {', '.join(sorted(mentor.subjects & mentee.subjects)[:MOST_WORDS])}"


def told_mentee_wish(mentor: MentorSide, mentee: MenteeSide, rules: Rules) -> str:
    return f"наставляемый назвал этого наставника {PLACES[mentee.wishes.index(mentor.key)]}"


def told_mentor_wish(mentor: MentorSide, mentee: MenteeSide, rules: Rules) -> str:
    return f"наставник назвал этого наставляемого {PLACES[mentor.wishes.index(mentee.key)]}"


def told_experience(mentor: MentorSide, mentee: MenteeSide, rules: Rules) -> str:
    return f"стаж больше на {plural((mentor.years or 0) - (mentee.years or 0), 'год', 'года', 'лет')}"


def told_time(mentor: MentorSide, mentee: MenteeSide, rules: Rules) -> str:
    common = [words for code, words in DAYS.items() if code in mentor.days & mentee.days]
    return f"обоим удобен день: {', '.join(common)}"


def told_place(mentor: MentorSide, mentee: MenteeSide, rules: Rules) -> str:
    return f"работают вместе: {', '.join(sorted(mentor.places & mentee.places))}"


TELLERS = {
    "needs": told_needs,
    "subject": told_subject,
    "mentee_wish": told_mentee_wish,
    "mentor_wish": told_mentor_wish,
    "experience": told_experience,
    "time": told_time,
    "place": told_place,
}


def weaker(better: MentorSide, term: str) -> str:
    """Why another mentor was proposed: the term by which they are ahead most."""
    return f"Совпадение слабее: {better.name} — {LACKS[term]}."


def needed_elsewhere(mentees: Iterable[MenteeSide]) -> str:
    """The mentor's places went to those whom they suit better."""
    names = ", ".join(one.name for one in mentees)
    return f"Нужнее в другой паре: {names} — там совпадение сильнее или замены нет."


def missing_words(mentee: MenteeSide, rules: Rules) -> str:
    """Which competences nobody brings: the best answer to each difficulty."""
    wanted = {best_answer(code, rules) for code in sorted(mentee.difficulties)} - {""}
    words = ", ".join(rules.competence_words.get(code, code) for code in sorted(wanted))
    advice = f" Ищите того, кто: {words}." if words else " Спросите наставников других школ."
    return HELP_NOBODY + advice


def best_answer(difficulty: str, rules: Rules) -> str:
    known = rules.answers.get(difficulty, {})
    return min(known, key=lambda code: (-known[code], code), default="")
