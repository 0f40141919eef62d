"""The bank of programmes, its register, papers, templates, and what the home pages say."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import reverse

from accounts.attention import queue_for
from accounts.models import User
from core.documents.blocks import plain_text, read_blocks
from core.documents.docx import to_docx
from core.documents.pdf import to_pdf
from core.models import JournalEntry
from mentorship.documents.programmes import NAMES, PLAN, PROGRAMME, REPORT, programme_html, sheet_for
from mentorship.models import Activity, ActivityState, Meeting, Programme
from mentorship.services.programme_progress import do_activity
from tests.mentorship.builders import card, day
from tests.mentorship.programmes.builders import (
    agree_everybody,
    approved,
    drafted,
    fresh,
    line,
    reviewed,
    template,
    working_pair,
)
from tests.orders.pages import letters
from tests.orders.test_files import words_of_docx, words_of_pdf

LIST = "/cabinet/programmes/"


def url_of(name: str, row, *more) -> str:
    return reverse(name, args=[row.pk, *more])


# --- The bank ---------------------------------------------------------------------------------------------------------
def names(response) -> list[str]:
    return [row.programme.pair.mentor.surname for row in response.context["rows"]]


@pytest.fixture
def bank(pair, people, school) -> dict[str, Programme]:
    """An approved one of a pair and a draft of a group of another mentor."""
    others = [card(school, f"{name} Пётр Ильич") for name in ("Акимов", "Берёзин", "Вишнин")]
    group = working_pair(others[0], others[1:], people)
    return {"pair": approved(pair, people), "group": drafted(group, people)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Акимов", "Верескова"]),
        ("q=вишн", ["Акимов"]),
        ("q=Вереск", ["Верескова"]),
        ("sort=group", ["Акимов"]),
        ("sort=one", ["Верескова"]),
        ("state=approved", ["Верескова"]),
        ("state=summed", []),
        ("sort=бред&state=бред&year=12", ["Акимов", "Верескова"]),
    ],
)
def test_bank_is_searched_by_its_address(bank, people, client_of, query, expected) -> None:
    assert sorted(names(client_of(people.curator).get(f"{LIST}?{query}"))) == expected


def test_bank_filters_by_the_words_and_the_year(bank, people, client_of) -> None:
    direction = bank["pair"].directions.get()
    client = client_of(people.curator)
    assert len(names(client.get(f"{LIST}?direction={direction.pk}&form={bank['pair'].forms.get().pk}"))) == 2
    starts_on = bank["pair"].starts_on
    year = starts_on.year if starts_on.month >= 9 else starts_on.year - 1
    assert len(names(client.get(f"{LIST}?year={year}"))) == 2
    assert names(client.get(f"{LIST}?year={year - 2}")) == []


def test_bank_costs_the_same_for_one_and_three(pair, people, school, client_of, queries) -> None:
    approved(pair, people)
    client = client_of(people.curator)
    before = queries(client, LIST)
    for name in ("Акимов", "Вишнин"):
        other = working_pair(card(school, f"{name} Пётр Ильич"), [card(school, f"{name}а Анна Ильинична")], people)
        approved(other, people)
    assert (before, queries(client, LIST)) == (16, 16)


def test_page_of_a_programme_costs_the_same_for_one_line_and_three(pair, people, client_of, queries) -> None:
    programme = drafted(pair, people, lines=1)
    client = client_of(people.inspector)
    before = queries(client, url_of("programme_detail", programme))
    line(programme, people, "Ещё")
    line(programme, people, "И ещё")
    assert queries(client, url_of("programme_detail", programme)) == before


def test_bank_is_closed_to_the_rest(pair, people, client_of) -> None:
    assert client_of(people.accountant).get(LIST).status_code == 403
    assert names(client_of(people.stranger).get(LIST)) == []


def test_register_is_a_journalled_file(bank, people, client_of) -> None:
    answer = client_of(people.curator).get(reverse("programme_export", args=["xlsx"]))
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert [row[1] for row in rows[1:]] == ["Акимов Пётр Ильич", "Верескова Алла Петровна"]
    assert [row[3] for row in rows[1:]] == ["групповая", "индивидуальная"]
    assert JournalEntry.objects.filter(event="mentorship.participant.export").count() == 1
    assert client_of(people.accountant).get(reverse("programme_export", args=["xlsx"])).status_code == 403


# --- Papers -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", NAMES)
def test_pdf_and_docx_say_the_same_words(kind, group, people) -> None:
    programme = approved(group, people)
    mentee = group.mentees[0] if kind == PLAN else None
    blocks = read_blocks(programme_html(programme, kind, mentee=mentee))
    setup = sheet_for(programme, NAMES[kind])
    expected = letters(plain_text(blocks))
    assert words_of_docx(to_docx(blocks, setup)) == expected
    assert words_of_pdf(to_pdf(blocks, setup)) == expected


def words_on(programme: Programme, kind: str, **more) -> str:
    return " ".join(plain_text(read_blocks(programme_html(programme, kind, **more))).split())


def test_paper_has_the_stamp_the_table_and_the_sections(pair, people) -> None:
    words = words_on(approved(pair, people), PROGRAMME)
    shown = [
        f"УТВЕРЖДАЮ Директор МБОУ «Школа № 17» г. Приозёрска ____________ Е. П. Громова {day(0):%d.%m.%Y}",
        "№ Проект, задание Срок Планируемый результат Фактический результат Оценка наставника",
        "Раздел 1. Анализ трудностей и способы их преодоления 1.1 Шаг 1",
        "Раздел 2. Вхождение в должность 2.1 Шаг 2",
        "Раздел 3. Направления профессионального развития 3.1 Шаг 3",
        "Наставник А. П. Верескова",
    ]
    assert [one for one in shown if one in words] == shown


def test_plan_of_one_mentee_leaves_the_other_out(group, people) -> None:
    programme = drafted(group, people)
    first, second = group.mentees
    line(programme, people, "Моё дело", mentee=first)
    line(programme, people, "Чужое дело", mentee=second)
    words = words_on(Programme.objects.get(pk=programme.pk), PLAN, mentee=first)
    assert ("Моё дело" in words, "Чужое дело" in words, second.full_name in words) == (True, False, False)


def test_report_counts_what_was_done_and_the_meetings(pair, people, mentor_user, mentee_user) -> None:
    programme = approved(pair, people)
    rows = list(programme.activities.all())
    Activity.objects.filter(pk=rows[0].pk).update(state=ActivityState.CHECKED, mark="Отлично")
    do_activity(activity=rows[1], result="Готово", done_on=day(0), actor=fresh(mentee_user))
    programme.focuses.update(overcome_on=day(0))
    for number, minutes in enumerate((45, 60, 45)):
        Meeting.objects.create(pair=pair, day=day(-number), minutes=minutes, state="held", entered_by=people.curator)
    Meeting.objects.create(pair=pair, day=day(3), entered_by=people.curator)
    words = words_on(Programme.objects.get(pk=programme.pk), REPORT)
    shown = [
        "Мероприятий в программе: 3. Проверено наставником: 1, выполнено и ждёт проверки: 1, не выполнено: 1.",
        "Проведено: 3 встречи, 2 ч 30 мин.",
        f"порядок на уроке — преодолено {day(0):%d.%m.%Y}",
    ]
    assert [one for one in shown if one in words] == shown


def test_papers_are_given_to_readers_only(pair, people, client_of) -> None:
    programme = drafted(pair, people)
    client = client_of(people.curator)
    for form in ("pdf", "docx"):
        assert client.get(url_of("programme_paper", programme, form)).status_code == 200
        assert client.get(url_of("programme_plan", programme, pair.mentees[0].pk, form)).status_code == 200
    missing = [
        url_of("programme_paper", programme, "exe"),
        url_of("programme_report", programme, "pdf"),
        url_of("programme_plan", programme, 999_999, "pdf"),
    ]
    assert [client.get(url).status_code for url in missing] == [404] * 3
    url = url_of("programme_paper", programme, "pdf")
    assert [client_of(one).get(url).status_code for one in (people.stranger, people.accountant)] == [404, 403]


# --- Templates --------------------------------------------------------------------------------------------------------
def test_template_of_the_school_is_changed_as_text(school, people, client_of, reference) -> None:
    own = template(school)
    client = client_of(people.curator)
    url = url_of("programme_template_edit", own)
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    assert data["focuses"] == "порядок и внимание на уроке\n+ открытость новому"
    assert data["lines"].splitlines()[0] == "1 | 1 | 1 | Самодиагностика | список трудностей"
    data["lines"] += "\n2 | 3 |  | Знакомство | знает всех"
    assert client.post(url, data).status_code == 302
    own.refresh_from_db()
    added = own.lines[-1]
    assert (added["section"], added["week"], added["focus"], added["title"]) == (2, 3, None, "Знакомство")
    assert own.focuses[0]["code"] == "discipline"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("5 | 1 | 1 | Шаг | итог", "раздел — от 1 до 3"),
        ("1 | сто | 1 | Шаг | итог", "неделя — от 0 до 60"),
        ("1 | 1 | 9 | Шаг | итог", "затруднения с номером «9» в списке нет"),
        ("просто слова", "через черту"),
        ("1 | 1 | 1 | " + "ы" * 401, "до 400 знаков"),
        ("   ", "обязательно"),
    ],
)
def test_template_refuses_what_it_cannot_read(school, people, client_of, reference, lines, words) -> None:
    data = {"title": "Мой", "months": 3, "focuses": "порядок", "lines": lines}
    page = client_of(people.curator).post(url_of("programme_template_edit", template(school)), data)
    errors = " ".join(page.context["form"].errors.get("lines", []))
    assert words.lower() in errors.lower()


def test_templates_are_listed_read_and_kept_apart(school, other_school, people, client_of, reference) -> None:
    common, own, foreign = template(), template(school, title="Наш"), template(other_school, title="Чужой")
    client = client_of(people.curator)
    page = client.get(reverse("programme_template_list"))
    assert (page.context["own"], page.context["common"]) == ([own], [common])
    assert client.get(url_of("programme_template_detail", common)).status_code == 200
    assert client.get(url_of("programme_template_detail", foreign)).status_code == 404
    assert client.get(url_of("programme_template_edit", common)).status_code == 302
    assert client_of(people.accountant).get(reverse("programme_template_list")).status_code == 403


# --- Home pages -------------------------------------------------------------------------------------------------------
def words_for(user: User, school) -> list[tuple[str, str]]:
    queue = queue_for(fresh(user), school, day(0))
    entries = [*queue.late, *queue.now, *queue.waiting]
    return [(one.chip, one.title) for one in entries if "/programmes/" in one.url]


def test_home_pages_say_what_waits(pair, people, school, mentor_user, mentee_user) -> None:
    assert words_for(people.curator, school) == [("нет программы", pair.title)]
    assert [chip for chip, _ in words_for(mentor_user, school)] == ["нет программы"]
    programme = reviewed(pair, people)
    assert words_for(people.curator, school) == [("на согласовании", programme.title)]
    assert words_for(mentee_user, school) == [("ждёт вас", f"Согласуйте: {programme.title}")]
    agree_everybody(programme, people)
    assert words_for(people.director, school) == [("ждёт утверждения", programme.title)]


def test_home_pages_lead_to_the_lines(pair, people, school, mentor_user, mentee_user) -> None:
    first, second, third = approved(pair, people).activities.all()
    Activity.objects.filter(pk=first.pk).update(due_on=day(-2), approved_due_on=day(-2))
    do_activity(activity=second, result="Готово", done_on=day(0), actor=fresh(mentee_user))
    assert words_for(mentee_user, school) == [("просрочено", "Шаг 1")]
    assert words_for(mentor_user, school) == [
        ("просрочено", "1 мероприятие программы просрочено"),
        ("ждёт проверки", "Шаг 2"),
    ]
    assert third.state == "planned"
