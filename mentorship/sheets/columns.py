"""The columns of a file of participants: what each is called by different schools, what stands in it, an example."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.sheets import ChoiceWidget
from core.sheets.cells import folded, folded_header, in_words
from core.uploads.cells import Flaw
from core.uploads.tables import Table
from mentorship.models import Category, Qualification

FULL_NAME = "full_name"
NAME_PARTS = ("surname", "given_name", "patronymic")
SAMPLES = 3
READ_FOR_CONTENT = 30

BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"(?=(?:\D*\d){10,11}\D*$)\+?[\d\s()\-–.]+")
WHOLE_NAME = re.compile(r"[а-яёa-z\-]+ [а-яёa-z\-]+ [а-яёa-z\-]+(?:вич|вна|ьич|ична|инична|оглы|кызы)", re.IGNORECASE)
YEARS = re.compile(r"\d{1,2}([.,]\d)?( ?(год|года|лет|г\.?|л\.?))?|(меньше|менее) года|нет|[-–—]", re.IGNORECASE)

CATEGORY_WORDS = {
    Category.TEACHER: "учитель, преподаватель, воспитатель, педагогический работник, педагог-психолог, сотрудник",
    Category.HEAD: "директор, заместитель директора, завуч, администрация, руководящий работник",
    Category.PUPIL: "ученик, ученица, учащийся, учащаяся, школьник, обучающаяся, воспитанник",
    Category.STUDENT: "студентка, практикант, практикантка",
    Category.EXTERNAL: "партнёр, представитель организации, работодатель",
}
QUALIFICATION_WORDS = {
    Qualification.CONFORMITY: "соответствие, сзд, соответствует занимаемой должности, соответствие должности",
    Qualification.FIRST: "1, i, 1 категория, первая категория, первая квалификационная категория, 1 кк, iкк",
    Qualification.HIGHEST: "высшая категория, высшая квалификационная категория, вкк, высш",
    Qualification.METHODIST: "методист, категория педагог-методист",
    Qualification.MENTOR: "наставник, категория педагог-наставник",
}
NO_QUALIFICATION = "нет, без категории, не имеет, б/к, без кк, -, –, —"
GENDER_WORDS = {"f": "ж, жен, женщина, f", "m": "м, муж, мужчина, m"}


class SynonymWidget(ChoiceWidget):
    """A choice under its label or any of the words that schools write for it; `none` are words for «nothing»."""

    def __init__(self, choices: Any, words: Mapping[Any, str], *, none: str = "") -> None:
        super().__init__(choices)
        self.known = {folded(label): value for value, label in self.labels.items()}
        for value, synonyms in words.items():
            self.known |= {folded(word): value for word in synonyms.split(", ")}
        self.known |= {folded(word): "" for word in none.split(", ") if word}

    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        found = self.known.get(folded(value))
        return super().clean(value, row, **options) if found is None else found


CATEGORIES = SynonymWidget(Category.choices, CATEGORY_WORDS)
QUALIFICATIONS = SynonymWidget(Qualification.choices, QUALIFICATION_WORDS, none=NO_QUALIFICATION)
GENDERS = SynonymWidget([("f", "женский"), ("m", "мужской")], GENDER_WORDS)


def anything(values: Sequence[str]) -> bool:
    return True


def all_like(pattern: re.Pattern[str]) -> Callable[[Sequence[str]], bool]:
    return lambda values: bool(values) and all(pattern.fullmatch(value) for value in values)


def any_known(widget: SynonymWidget) -> Callable[[Sequence[str]], bool]:
    return lambda values: any(folded(value) in widget.known for value in values)


@dataclass(frozen=True)
class Column:
    """A column that a file may have.

    `synonyms` are other headers for it, in small letters; `fits` tells by the values which of two columns with the
    same header is meant; `by_content` recognises the column whatever its header is.
    """

    name: str
    title: str
    synonyms: str = ""
    example: str = ""
    fits: Callable[[Sequence[str]], bool] = anything
    by_content: Callable[[Sequence[str]], bool] | None = None

    @property
    def headers(self) -> set[str]:
        return {folded_header(word) for word in (self.title, *self.synonyms.split(", ")) if word}


COLUMNS = (
    Column("surname", "Фамилия", "фамилии", "Журавлёва"),
    Column("given_name", "Имя", "имена", "Мария"),
    Column("patronymic", "Отчество", "отчество при наличии", "Олеговна"),
    Column(
        FULL_NAME,
        "Фамилия, имя, отчество",
        "фио, ф.и.о, ф. и. о, фамилия имя отчество, фамилия и имя, фио педагога, фио учителя, фио сотрудника, "
        "фио ученика, фио обучающегося, педагог, учитель, сотрудник, ученик, обучающийся, участник, полное имя",
        by_content=all_like(WHOLE_NAME),
    ),
    Column("gender", "Пол", "", "женский"),
    Column(
        "category", "Кто это", "роль, кто, категория участника, категория, статус", "педагог", any_known(CATEGORIES)
    ),
    Column("post_title", "Должность", "занимаемая должность, должности, основная должность", "учитель биологии"),
    Column("subjects", "Предметы", "предмет, преподаваемые предметы, преподаваемый предмет, дисциплины", "биология"),
    Column(
        "department",
        "Кафедра, объединение",
        "кафедра, мо, шмо, методическое объединение, объединение, подразделение",
        "МО естественных наук",
    ),
    Column("load", "Нагрузка, ставок", "нагрузка, ставка, ставки, размер ставки, количество ставок", "1"),
    Column("workplace", "Место работы", "организация, основное место работы", ""),
    Column("post_starts_on", "В должности с", "дата приёма, принят, дата назначения, дата приема на работу", ""),
    Column(
        "works_since",
        "Педагогический стаж с",
        "стаж с, начало стажа, дата начала педагогической деятельности, дата начала стажа, стаж",
        "01.09.2015",
        lambda values: not all_like(YEARS)(values),
    ),
    Column(
        "experience",
        "Стаж, лет",
        "стаж, педагогический стаж, пед стаж, пед. стаж, педстаж, стаж лет, стаж работы, общий стаж",
        "",
        all_like(YEARS),
    ),
    Column(
        "qualification",
        "Квалификационная категория",
        "категория, кв. категория, кв категория, квалификация, аттестация",
        "первая",
    ),
    Column("young_flag", "Молодой специалист", "молодой педагог, молодой учитель", ""),
    Column("birth_year", "Год рождения", "год рожд, г.р, г. р, гр", "1990"),
    Column("birth_date", "Дата рождения", "день рождения, родился, родилась, д.р, др", ""),
    Column("class_name", "Класс", "класс обучения, группа", ""),
    Column("partner", "Организация-партнёр", "партнёр, организация партнёр", ""),
    Column(
        "phone",
        "Телефон",
        "мобильный, мобильный телефон, тел, номер телефона, сотовый, контактный телефон, контакты",
        "",
        by_content=all_like(PHONE),
    ),
    Column(
        "email",
        "Электронная почта",
        "почта, email, e-mail, эл. почта, электронный адрес, адрес электронной почты",
        "zhuravleva@example.org",
        by_content=all_like(EMAIL),
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}
# What is shown in the sample file, in this order.
IN_SAMPLE = [column for column in COLUMNS if column.example]


def texts(table: Table, number: int, count: int) -> list[str]:
    """The first values of a column that are not empty, in words."""
    values = (row[number] for row in table.rows)
    found = []
    for value in values:
        if value != "" and not isinstance(value, Flaw):
            found.append(in_words(value))
        if len(found) == count:
            break
    return found


def bare(header: str) -> str:
    """A header without what stands in brackets."""
    return folded_header(BRACKETS.sub(" ", header))


def recognise(table: Table) -> dict[str, str]:
    """Header of the file → name of the column it means, "" for none; by the header first, then by the values."""
    values = {header: texts(table, number, READ_FOR_CONTENT) for number, header in enumerate(table.headers)}
    found: dict[str, str] = {}
    for ways in (by_header, by_values):
        for header in table.headers:
            taken = {name for name in found.values() if name}
            if header not in found and (name := ways(header, values[header], taken)):
                found[header] = name
    if FULL_NAME in found.values() and "surname" in found.values():
        found = {header: name for header, name in found.items() if name != FULL_NAME}
    return {header: found.get(header, "") for header in table.headers}


def by_header(header: str, values: Sequence[str], taken: set[str]) -> str:
    meant = [column for column in COLUMNS if bare(header) in column.headers and column.name not in taken]
    fitting = [column for column in meant if column.fits(values)]
    if not fitting and by_values(header, values, taken):
        return ""
    return next((column.name for column in fitting or meant), "")


def by_values(header: str, values: Sequence[str], taken: set[str]) -> str:
    kinds = [column for column in COLUMNS if column.by_content and column.name not in taken]
    return next((column.name for column in kinds if column.by_content and column.by_content(values)), "")


def lacking(mapping: Mapping[str, str]) -> list[str]:
    """What must be known of a person and no header means, as sentences; two headers for one column as well."""
    names = [name for name in mapping.values() if name]
    twice = sorted({BY_NAME[name].title for name in names if names.count(name) > 1})
    refusals = [f"Колонка «{title}» выбрана дважды. Оставьте одну." for title in twice]
    if FULL_NAME in names and {*NAME_PARTS} & {*names}:
        refusals.append("Имя выбрано и целиком, и по частям. Оставьте что-то одно.")
    elif FULL_NAME not in names and not {"surname", "given_name"} <= {*names}:
        refusals.append("Укажите, где фамилия и имя: две колонки или одна, «Фамилия, имя, отчество».")
    return refusals
