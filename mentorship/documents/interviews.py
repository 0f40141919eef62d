"""The sheet that whoever holds an interview takes along: whom it is with, what to talk about, lines to write on."""

from __future__ import annotations

from django.template.loader import render_to_string

from core.documents.blocks import read_blocks
from core.documents.docx import to_docx
from core.documents.page import PageSetup
from core.documents.pdf import to_pdf
from core.uploads import DOCX, PDF, UploadKind, safe_name
from mentorship.models import BankCard, BankRole, Conclusion, Interview

FORMATS: dict[str, UploadKind] = {"pdf": PDF, "docx": DOCX}
TITLE = "Лист собеседования"
LINES = range(2)
# What to talk about; each question is followed by lines to write on.
QUESTIONS = {
    BankRole.MENTOR: [
        "Почему вам интересно вести другого человека и чего вы ждёте от этой работы?",
        "В чём вы сильны настолько, что готовы показать это на своих уроках и объяснить?",
        "Кого и чему вам уже приходилось учить среди коллег или учеников? Что получилось, что нет?",
        "С кем вам работать легче, а с кем труднее? Каких наставляемых вы бы не взяли?",
        "Сколько времени в неделю вы готовы отдавать наставляемому и в какие часы?",
        "Как вы поступите, если наставляемый не приходит на встречи или не принимает помощь?",
        "Какая помощь нужна вам самим: обучение, пример программы, поддержка психолога?",
    ],
    BankRole.MENTEE: [
        "Что в работе получается хорошо и приносит радость?",
        "Какие ситуации повторяются и мешают больше всего? Вспомните последнюю.",
        "К кому вы уже обращались за советом и что помогло?",
        "Чему вы хотите научиться за этот учебный год, и как станет видно, что получилось?",
        "Какой наставник вам подойдёт: предметник, классный руководитель, ровесник, кто-то ещё?",
        "Когда и как вам удобно встречаться: лично, на уроках друг друга, на расстоянии?",
        "Что вас беспокоит в самой мысли о наставнике?",
    ],
}


def interview_sheet(card: BankCard, form: str) -> tuple[str, bytes]:
    """The sheet for one card: the name of the file and its content; `form` is a key of FORMATS."""
    person = card.participant
    title = f"{TITLE} — {person.short_name.rstrip('.')}"
    setup = PageSetup(font_size_pt=12, left_mm=20, title=title, author=person.organisation.name)
    blocks = read_blocks(render_to_string("mentorship/documents/interview_sheet.html", sheet_facts(card)))
    return safe_name(f"{title}.{form}"), to_pdf(blocks, setup) if form == "pdf" else to_docx(blocks, setup)


def sheet_facts(card: BankCard) -> dict[str, object]:
    planned: Interview | None = card.interviews.planned().select_related("interviewer").first()
    role = BankRole(card.role)
    words = card.competences if role == BankRole.MENTOR else card.difficulties
    return {
        "card": card,
        "person": card.participant,
        "planned": planned,
        "words": ", ".join(word.title for word in words.all()),
        "questions": QUESTIONS[role],
        "lines": LINES,
        "conclusions": Conclusion.labels,
    }
