"""The federal forms: their columns, who stands in them, what each cell says, and the same words in every file."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter

import openpyxl
import pytest
from pypdf import PdfReader

from accounts.models import Partner
from core.documents.blocks import plain_text, read_blocks
from mentorship.documents.federal import FORMATS, bank_file, bank_html
from mentorship.models import BankCard, BankRole, Consent, Pair, PairState, Post
from mentorship.models.federal import COLUMNS, BankTable, bank_table
from mentorship.services.consents import withdraw_consent
from tests.core.document_words import docx_words, pdf_words, words
from tests.mentorship.builders import agree, approved_order, card, day, form_pair, grown_on, word
from tests.mentorship.federal import banked

MENTOR, MENTEE = BankRole.MENTOR, BankRole.MENTEE
TITLES = {
    MENTEE: [
        "№ п/п",
        "ФИО наставляемого",
        "Контактные данные для связи (данные представителя)",
        "Год рождения наставляемого",
        "Основной запрос наставляемого",
        "Дата вхождения в программу",
        "ФИО наставника",
        "Форма наставничества",
        "Место работы/учебы наставника",
        "Дата завершения программы",
        "Результаты программы",
        "Ссылка на кейс/отзыв наставника, размещённые на сайте организации",
        "Отметка о прохождении программы",
    ],
    MENTOR: [
        "№ п/п",
        "ФИО наставника",
        "Контактные данные для связи",
        "Место работы/учебы наставника",
        "Основные компетенции наставника",
        "Важные для программы достижения наставника",
        "Интересы наставника",
        "Желаемый возраст наставляемых",
        "Ресурс времени на программу наставничества",
        "Дата вхождения в программу",
        "ФИО наставляемого (наставляемых)",
        "Форма наставничества",
        "Место работы/учебы наставляемого",
        "Дата завершения программы",
        "Результаты программы",
        "Ссылка на кейс/отзыв наставляемого, размещённые на сайте организации",
    ],
}
SCHOOL = "МБОУ «Школа № 17» г. Приозёрска"


def table(school, role: BankRole = MENTOR, categories: tuple[str, ...] = ()) -> BankTable:
    return bank_table(school, role, day(0), categories)


def cells(school, role: BankRole = MENTOR) -> dict[str, str]:
    """The only row by the titles of its columns."""
    found = table(school, role)
    [row] = found.rows
    return dict(zip(found.columns, row, strict=True))


def in_force(pair: Pair, people, state: str = PairState.ACTIVE, **more) -> Pair:
    more.setdefault("closing_ground", "term" if state == PairState.CLOSED else "")
    values = {"state": state, "order": approved_order(pair.organisation, people, f"п-{pair.pk}"), **more}
    Pair.objects.filter(pk=pair.pk).update(**values)
    return pair


@pytest.mark.parametrize("role", list(BankRole))
def test_columns_are_those_of_the_federal_form(role) -> None:
    assert [column.title for column in COLUMNS[role]] == TITLES[role]
    assert sum(column.width for column in COLUMNS[role]) == pytest.approx(100)


def test_row_of_a_mentor(mentor, mentee, people, school) -> None:
    mentor.phone, mentor.email = "+7 900 000-00-01", "veresk@example.org"
    mentor.save(update_fields=["phone", "email"])
    found = banked(
        mentor,
        MENTOR,
        people,
        achievements="победитель конкурса",
        interests="туризм",
        wishes="до 30 лет",
        time_resource="2 часа в неделю",
        outcome="31.05.2026 — программа выполнена.",
        story_url="https://school17.example.org/case",
    )
    found.competences.set([word("competence", code) for code in first_codes("competence")])
    pair = in_force(form_pair(mentor, [mentee], people.curator), people)
    assert cells(school) == {
        "№ п/п": "1",
        "ФИО наставника": "Верескова Алла Петровна",
        "Контактные данные для связи": "+7 900 000-00-01\nveresk@example.org",
        "Место работы/учебы наставника": f"{SCHOOL}, учитель математики",
        "Основные компетенции наставника": ", ".join(entry.title for entry in found.competences.all()),
        "Важные для программы достижения наставника": "победитель конкурса",
        "Интересы наставника": "туризм",
        "Желаемый возраст наставляемых": "до 30 лет",
        "Ресурс времени на программу наставничества": "2 часа в неделю",
        "Дата вхождения в программу": f"{pair.starts_on:%d.%m.%Y}",
        "ФИО наставляемого (наставляемых)": "Ольхин Борис Викторович",
        "Форма наставничества": "педагог – молодой педагог",
        "Место работы/учебы наставляемого": f"{SCHOOL}, учитель физики",
        "Дата завершения программы": f"{pair.ends_on:%d.%m.%Y}",
        "Результаты программы": "31.05.2026 — программа выполнена.",
        "Ссылка на кейс/отзыв наставляемого, размещённые на сайте организации": "https://school17.example.org/case",
    }


def first_codes(dictionary: str) -> list[str]:
    entries = type(word("form", "teacher-young")).objects.filter(dictionary=dictionary, organisation=None)
    return list(entries.values_list("code", flat=True)[:2])


def test_row_of_a_mentee(mentor, mentee, people, school) -> None:
    mentee.birth_year = 1998
    mentee.save(update_fields=["birth_year"])
    banked(mentee, MENTEE, people, request="дисциплина на уроке")
    in_force(form_pair(mentor, [mentee], people.curator), people, "closed", starts_on=day(-200), ends_on=day(-1))
    row = cells(school, MENTEE)
    assert (row["Год рождения наставляемого"], row["Основной запрос наставляемого"]) == ("1998", "дисциплина на уроке")
    assert (row["ФИО наставника"], row["Место работы/учебы наставника"]) == (
        "Верескова Алла Петровна",
        f"{SCHOOL}, учитель математики",
    )
    assert row["Отметка о прохождении программы"] == f"пройдена {day(-1):%d.%m.%Y}"


def test_early_end_is_told_in_the_mark(mentor, mentee, people, school) -> None:
    banked(mentee, MENTEE, people)
    pair = form_pair(mentor, [mentee], people.curator)
    in_force(pair, people, "closed", starts_on=day(-200), ends_on=day(-1), planned_ends_on=day(30))
    assert cells(school, MENTEE)["Отметка о прохождении программы"] == f"завершена досрочно {day(-1):%d.%m.%Y}"


def test_difficulties_stand_for_a_request_that_nobody_wrote(mentee, people, school, reference) -> None:
    found = banked(mentee, MENTEE, people)
    found.difficulties.set([word("difficulty", code) for code in first_codes("difficulty")])
    expected = ", ".join(entry.title for entry in found.difficulties.all())
    assert cells(school, MENTEE)["Основной запрос наставляемого"] == expected


def test_minor_is_reached_through_the_representative_and_shows_only_the_year(people, school) -> None:
    born = grown_on(day(0), 12)
    pupil = card(
        school, "Ивин Пётр Ильич", "", category="pupil", class_name="9 «Б» класс", birth_date=born, phone="+7 900 1"
    )
    agree(pupil, "processing", people.curator, representative="Ивина Анна Львовна", relation="мать")
    banked(pupil, MENTEE, people)
    row = cells(school, MENTEE)
    assert row["Контактные данные для связи (данные представителя)"] == "мать Ивина Анна Львовна\n+7 900 1"
    assert row["Год рождения наставляемого"] == str(born.year)
    assert f"{born:%d.%m.%Y}" not in "".join(row.values())


def test_place_of_work_is_the_pupils_class_another_school_or_a_partner(mentor, mentee, people, school) -> None:
    Post.objects.filter(participant=mentor).update(workplace="Лицей № 3")
    partner = Partner.objects.create(organisation=school, title="Педагогический колледж")
    guest = card(school, "Гостев Пётр Ильич", "преподаватель", category="external", partner=partner)
    pupil = card(school, "Ивин Пётр Ильич", "", category="pupil", class_name="9 «Б» класс")
    agree(pupil, "processing", people.curator, representative="Ивина Анна Львовна", relation="мать")
    for person in (mentor, guest, pupil):
        banked(person, MENTOR, people)
    place = TITLES[MENTOR].index("Место работы/учебы наставника")
    assert [row[place] for row in table(school).rows] == [
        "Лицей № 3, учитель математики",
        "Педагогический колледж, преподаватель",
        f"{SCHOOL}, 9 «Б» класс",
    ]


def test_group_names_everybody_and_says_alike_things_once(mentor, mentee, second, people, school) -> None:
    banked(mentor, MENTOR, people)
    pair = in_force(form_pair(mentor, [mentee, second], people.curator), people)
    row = cells(school)
    assert row["ФИО наставляемого (наставляемых)"] == "Ольхин Борис Викторович;\nОсокина Мария Ильинична"
    assert row["Дата вхождения в программу"] == f"{pair.starts_on:%d.%m.%Y}"
    assert row["Место работы/учебы наставляемого"] == (
        f"{SCHOOL}, учитель физики (Ольхин\u00a0Б.\u00a0В.);\n{SCHOOL}, учитель музыки (Осокина\u00a0М.\u00a0И.)"
    )


def test_programme_that_goes_on_hides_those_completed(mentor, mentee, second, people, school) -> None:
    banked(mentor, MENTOR, people)
    old = form_pair(mentor, [second], people.curator)
    in_force(old, people, "closed", starts_on=day(-300), ends_on=day(-120))
    assert cells(school)["ФИО наставляемого (наставляемых)"] == "Осокина Мария Ильинична"
    older = form_pair(mentor, [mentee], people.curator)
    in_force(older, people, "closed", starts_on=day(-700), ends_on=day(-400))
    assert cells(school)["ФИО наставляемого (наставляемых)"] == "Осокина Мария Ильинична"
    in_force(form_pair(mentor, [mentee], people.curator), people)
    assert cells(school)["ФИО наставляемого (наставляемых)"] == "Ольхин Борис Викторович"


def test_pair_that_no_order_has_fixed_is_not_a_programme(mentor, mentee, people, school) -> None:
    banked(mentor, MENTOR, people)
    form_pair(mentor, [mentee], people.curator)
    row = cells(school)
    assert (row["ФИО наставляемого (наставляемых)"], row["Дата вхождения в программу"]) == ("", "")


# --- Who stands in the form -------------------------------------------------------------------------------------------
def test_only_those_in_the_bank_with_a_live_consent(mentor, mentee, second, people, school, other_school) -> None:
    banked(mentor, MENTOR, people)
    banked(second, MENTEE, people)
    BankCard.objects.create(participant=mentee, role=MENTOR)
    stranger = card(other_school, "Чужестранов Фома Игоревич")
    agree(stranger, "processing", people.stranger)
    BankCard.objects.create(participant=stranger, role=MENTOR, state="in_bank", entered_on=day(-1))
    assert [row[1] for row in table(school).rows] == ["Верескова Алла Петровна"]
    consent = Consent.objects.get(participant=mentor)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    # Without the rule about consents the card alone would not be enough to hide the person.
    BankCard.objects.filter(participant=mentor).update(state="in_bank", entered_on=day(-1))
    assert table(school).rows == []


def test_rows_stand_in_russian_order_and_are_numbered_after_the_filter(people, school) -> None:
    for name in ("Ёлкин Пётр Ильич", "Жуков Пётр Ильич", "Ежов Пётр Ильич", "Елагин Пётр Ильич"):
        banked(card(school, name), MENTOR, people)
    pupil = card(school, "Елисеев Пётр Ильич", "", category="pupil", birth_year=2012)
    agree(pupil, "processing", people.curator, representative="Елисеева Анна Львовна", relation="мать")
    banked(pupil, MENTOR, people)
    assert [row[:2] for row in table(school).rows] == [
        ["1", "Ежов Пётр Ильич"],
        ["2", "Елагин Пётр Ильич"],
        ["3", "Елисеев Пётр Ильич"],
        ["4", "Ёлкин Пётр Ильич"],
        ["5", "Жуков Пётр Ильич"],
    ]
    assert [row[:2] for row in table(school, MENTOR, ("pupil", "student")).rows] == [["1", "Елисеев Пётр Ильич"]]


def test_form_costs_as_many_queries_for_three_rows_as_for_one(
    mentor, mentee, second, people, school, django_assert_num_queries
) -> None:
    banked(mentor, MENTOR, people)
    in_force(form_pair(mentor, [mentee], people.curator), people)
    with django_assert_num_queries(7):
        table(school)
    third = card(school, "Ивин Пётр Ильич")
    banked(second, MENTOR, people)
    banked(third, MENTOR, people)
    in_force(form_pair(second, [mentee], people.curator), people)
    in_force(form_pair(third, [mentee], people.curator, direction=word("direction", "parents")), people)
    with django_assert_num_queries(7):
        assert len(table(school).rows) == 3


# --- Files ------------------------------------------------------------------------------------------------------------
def filled(role: BankRole, count: int) -> BankTable:
    """A table with a different word in every cell."""
    titles = TITLES[role]
    rows = [[str(n), *(f"слово{n}-{place}" for place in range(1, len(titles)))] for n in range(1, count + 1)]
    return BankTable(role, dt.date(2026, 9, 1), titles, rows, [])


@pytest.mark.parametrize("role", list(BankRole))
def test_pdf_and_docx_say_every_word_of_the_form(role, school) -> None:
    found = filled(role, 4)
    expected = words(plain_text(read_blocks(bank_html(found, school))))
    assert docx_words(bank_file(found, school, "docx")[1]) == expected
    assert by_slashes(pdf_words(bank_file(found, school, "pdf")[1])) == by_slashes(expected)


def by_slashes(counted: Counter[str]) -> Counter[str]:
    """A line may end after a slash."""
    return Counter(part for word in counted.elements() for part in word.split("/") if part)


@pytest.mark.parametrize("role", list(BankRole))
def test_pages_lie_on_their_side_and_repeat_the_header(role, school) -> None:
    pages = PdfReader(io.BytesIO(bank_file(filled(role, 60), school, "pdf")[1])).pages
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [297, 210]
    assert len(pages) > 1
    assert ["п/п" in page.extract_text() for page in pages] == [True] * len(pages)


def test_spreadsheet_has_exact_headers_native_dates_and_no_formulas(school) -> None:
    row = ["1", "Иванова =1+1", "=HYPERLINK(1)", *([""] * 6), "01.09.2026", *([""] * 6)]
    name, content = bank_file(BankTable(MENTOR, dt.date(2026, 9, 1), TITLES[MENTOR], [row], []), school, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert name == "Банк наставников на 01.09.2026 — МБОУ «Школа № 17» г. Приозёрска.xlsx"
    assert [cell.value for cell in sheet[1]] == TITLES[MENTOR]
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation) == ("C2", "$1:$1", "landscape")
    assert [sheet["A2"].value, sheet["B2"].value, sheet["J2"].value] == [1, "Иванова =1+1", dt.datetime(2026, 9, 1)]  # noqa: DTZ001
    assert (sheet["C2"].value, sheet["C2"].data_type, sheet["J2"].number_format) == ("=HYPERLINK(1)", "s", "DD.MM.YYYY")
    assert sheet["B4"].value == "По состоянию на 01.09.2026"


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_file_survives_hostile_texts(school, form) -> None:
    row = ["1", "<b>Иванова</b> & «Ко»", "\x00\x0b{{ 7 }}", "а" * 400, *([""] * 12)]
    _, content = bank_file(BankTable(MENTOR, dt.date(2026, 9, 1), TITLES[MENTOR], [row], []), school, form)
    assert len(content) > 1000
