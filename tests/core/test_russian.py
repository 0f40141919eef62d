"""Names in every case, short names and the gender a name betrays."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytrovich.enums import NamePart

from core.russian import OBLIQUE, Case, Gender, decline_name, gender_of, name_forms, short_name
from core.russian.cases import as_gender, recase
from core.russian.grammar import by_rules
from tests.core.declension import ordinary_names, rows, wrong

NB = "\u00a0"
GENITIVE, DATIVE, ACCUSATIVE, INSTRUMENTAL, PREPOSITIONAL = OBLIQUE
RUSSIAN_TEXT = st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГИЛНОЯ.-' \u00a0\t«»(),", max_size=60)


def forms(row: dict[str, str]) -> dict[str, str]:
    return name_forms(row["nominative"], gender=row["gender"])


def plain_rules(row: dict[str, str]) -> dict[str, str]:
    """The same names by pytrovich alone."""
    parts = (NamePart.LASTNAME, NamePart.FIRSTNAME, NamePart.MIDDLENAME)
    words = row["nominative"].split()
    columns = [by_rules(word, part, Gender(row["gender"])) for word, part in zip(words, parts, strict=False)]
    return {case.value: " ".join(column[place] for column in columns) for place, case in enumerate(OBLIQUE)}


def test_names_of_the_table_are_right() -> None:
    assert len(rows("declension_gold.csv", "name")) == 222
    assert wrong("declension_gold.csv", "name", forms) == {}


def test_own_names_are_right() -> None:
    assert len(rows("declension_own.csv", "name")) == 253
    assert wrong("declension_own.csv", "name", forms) == {}


def test_rules_alone_are_not_enough() -> None:
    """The corrections earn their place: without them these names of the table come out wrong."""
    found = wrong("declension_gold.csv", "name", plain_rules)
    assert {"Топчий Владимир Ильич", "Золя Эмиль Эдуардович", "Ткач Роман Богданович"} <= set(found)


def test_gender_is_never_misread() -> None:
    table = rows("declension_gold.csv", "name")
    read = {row["nominative"]: (gender_of(row["nominative"]), row["gender"]) for row in table}
    unknown = [name for name, (ours, _) in read.items() if ours is None]
    assert {name: both for name, both in read.items() if both[0] not in (None, both[1])} == {}
    assert unknown == ["Сидоренко Валентин", "Авагян Тигран"]
    assert [name for name in ordinary_names() if gender_of(name) is None] == []


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Теслина Светлана Николаевна", Gender.FEMALE),
        ("Светлана Николаевна Теслина", Gender.FEMALE),
        ("Светлана Николаевна", Gender.FEMALE),
        ("Ким Юлий Черсанович", Gender.MALE),
        ("Мамедов Рашид Гусейн оглы", Gender.MALE),
        ("Ариф Севиль Ариф кызы", Gender.FEMALE),
        ("Мамедов Рашид Гусейн-оглы", Gender.MALE),
        ("Теслина С.Н.", Gender.FEMALE),
        ("Соколов А. В.", Gender.MALE),
        ("Римская-Корсакова Вера", Gender.FEMALE),
        ("Щербина Андрей", None),
        ("Калина В. П.", None),
        ("Шенгелая Эльдар", None),
        ("Иванова Пётр", None),
        ("Ким Ольга", None),
        ("Ким", None),
        ("", None),
        ("12", None),
    ],
)
def test_gender_is_read_from_patronymic_then_surname(name: str, gender: Gender | None) -> None:
    assert gender_of(name) == gender


@pytest.mark.parametrize(
    ("value", "gender"),
    [("m", Gender.MALE), ("f", Gender.FEMALE), (Gender.FEMALE, Gender.FEMALE), ("", None), ("ж", None), (None, None)],
)
def test_as_gender_takes_letters_and_enum(value: str | None, gender: Gender | None) -> None:
    assert as_gender(value) == gender


def test_unknown_gender_leaves_name_unchanged() -> None:
    assert decline_name("Авагян Тигран", GENITIVE) == "Авагян Тигран"
    assert decline_name("Авагян Тигран", GENITIVE, gender="m") == "Авагяна Тиграна"
    assert decline_name("Авагян Тигран", GENITIVE, gender="что-то") == "Авагян Тигран"


@pytest.mark.parametrize(
    ("name", "gender", "case", "expected"),
    [
        ("Теслина С.Н.", "f", ACCUSATIVE, "Теслину С.Н."),
        ("Теслина С. Н.", "f", ACCUSATIVE, "Теслину С. Н."),
        (f"Теслина С.{NB}Н.", "f", ACCUSATIVE, f"Теслину С.{NB}Н."),
        ("С.Н. Теслина", "f", DATIVE, "С.Н. Теслиной"),
        ("С.Н.Теслина", "f", DATIVE, "С.Н.Теслиной"),
        ("Теслина С.", "f", GENITIVE, "Теслиной С."),
        ("Новак А.-М. Т.", "m", GENITIVE, "Новака А.-М. Т."),
        ("ван дер Варт П. П.", "m", GENITIVE, "ван дер Варта П. П."),
        ("Ткач О.И.", "m", INSTRUMENTAL, "Ткачом О.И."),
        ("Ткач О.И.", "f", INSTRUMENTAL, "Ткач О.И."),
        ("Ткач О.И.", None, INSTRUMENTAL, "Ткач О.И."),
    ],
)
def test_initials_keep_their_shape(name: str, gender: str | None, case: Case, expected: str) -> None:
    assert decline_name(name, case, gender=gender) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ТЕСЛИНА СВЕТЛАНА НИКОЛАЕВНА", "ТЕСЛИНУ СВЕТЛАНУ НИКОЛАЕВНУ"),
        ("теслина светлана николаевна", "теслину светлану николаевну"),
        ("РИМСКАЯ-КОРСАКОВА Анна Ивановна", "РИМСКУЮ-КОРСАКОВУ Анну Ивановну"),
        ("  Теслина \t Светлана   Николаевна\n", "Теслину Светлану Николаевну"),
        ("Светлана Николаевна Теслина", "Светлану Николаевну Теслину"),
        ("Соловьева Алена Артемовна", "Соловьеву Алену Артемовну"),
        ("Маккартни-О'Нил Ольга Джоновна", "Маккартни-О'Нил Ольгу Джоновну"),
    ],
)
def test_letters_and_spaces_are_restored(name: str, expected: str) -> None:
    assert decline_name(name, ACCUSATIVE) == expected


@pytest.mark.parametrize(
    ("original", "form", "expected"),
    [
        ("Пётр", "петра", "Петра"),
        ("ПЁТР", "петра", "ПЕТРА"),
        ("Орел", "орла", "Орла"),
        ("Семен", "семёна", "Семена"),
        ("МакДональд", "макдональда", "МакДональда"),
        ("ОРЁЛ", "орла", "ОРЛА"),
        ("Ёж", "ежа", "Ежа"),
        ("Я", "ею", "Ею"),
    ],
)
def test_recase_keeps_the_letters_of_the_writer(original: str, form: str, expected: str) -> None:
    assert recase(original, form) == expected


def test_name_in_other_letters_stays() -> None:
    assert decline_name("Smith John", GENITIVE, gender="m") == "Smith John"
    assert decline_name("Smith Иван Иванович", GENITIVE) == "Smith Ивана Ивановича"
    assert decline_name("Иванов2 Иван Иванович", GENITIVE) == "Иванов2 Ивана Ивановича"


def test_surname_made_of_a_noun_is_not_a_possessive() -> None:
    assert decline_name("Крутиголова Анна Ивановна", GENITIVE) == "Крутиголовы Анны Ивановны"
    assert decline_name("Голованова Анна Ивановна", GENITIVE) == "Головановой Анны Ивановны"


def test_nominative_is_the_tidied_name() -> None:
    assert decline_name("  Ким   Юлий ", Case.NOMINATIVE) == "Ким Юлий"


def test_saved_form_of_the_name_wins() -> None:
    overrides = {("name", "заяц олег иванович"): {"genitive": "Заяца Олега Ивановича", "dative": ""}}
    assert decline_name("Заяц  Олег Иванович", GENITIVE, overrides=overrides) == "Заяца Олега Ивановича"
    assert decline_name(f"ЗАЯЦ Олег{NB}Иванович", GENITIVE, overrides=overrides) == "Заяца Олега Ивановича"
    assert decline_name("Заяц Олег Иванович", DATIVE, overrides=overrides) == "Зайцу Олегу Ивановичу"
    assert decline_name("Заяц Олег Иванович", GENITIVE) == "Зайца Олега Ивановича"


def test_saved_form_of_a_word_wins_for_everyone_of_that_surname() -> None:
    overrides = {("surname", "заяц"): {"genitive": "Заяца"}, ("post", "заяц"): {"genitive": "Х"}}
    assert decline_name("Заяц Пётр Ильич", GENITIVE, overrides=overrides) == "Заяца Петра Ильича"
    assert decline_name("Заяц Пётр Ильич", DATIVE, overrides=overrides) == "Зайцу Петру Ильичу"
    assert decline_name("Петров Заяц Ильич", GENITIVE, overrides=overrides) == "Петрова Заяца Ильича"


def test_saved_form_of_the_name_wins_over_saved_word() -> None:
    overrides = {("surname", "заяц"): {"genitive": "Заяца"}, ("name", "заяц п. и."): {"genitive": "Зайца П. И."}}
    assert decline_name("Заяц П. И.", GENITIVE, gender="m", overrides=overrides) == "Зайца П. И."


def test_name_forms_gives_the_five_oblique_cases() -> None:
    assert name_forms("Ли Ольга Витальевна") == {
        "genitive": "Ли Ольги Витальевны",
        "dative": "Ли Ольге Витальевне",
        "accusative": "Ли Ольгу Витальевну",
        "instrumental": "Ли Ольгой Витальевной",
        "prepositional": "Ли Ольге Витальевне",
    }


@pytest.mark.parametrize(
    ("name", "surname_first", "initials_first"),
    [
        ("Иванова Анна Петровна", "Иванова А. П.", "А. П. Иванова"),
        ("Светлана Николаевна Теслина", "Теслина С. Н.", "С. Н. Теслина"),
        ("Теслина С.Н.", "Теслина С. Н.", "С. Н. Теслина"),
        ("С. Н. Теслина", "Теслина С. Н.", "С. Н. Теслина"),
        ("С.Н.Теслина", "Теслина С. Н.", "С. Н. Теслина"),
        ("Авагян  Тигран", "Авагян Т.", "Т. Авагян"),
        ("Новак Анна-Мария Томашевна", "Новак А.-М. Т.", "А.-М. Т. Новак"),
        ("Новак А.-М. Т.", "Новак А.-М. Т.", "А.-М. Т. Новак"),
        ("Мамедов Рашид Гусейн оглы", "Мамедов Р. Г.", "Р. Г. Мамедов"),
        ("Мамедов Рашид Гусейн-оглы", "Мамедов Р. Г.", "Р. Г. Мамедов"),
        ("де Сент-Экзюпери Антуан Жанович", "де Сент-Экзюпери А. Ж.", "А. Ж. де Сент-Экзюпери"),
        ("ТЕСЛИНА СВЕТЛАНА НИКОЛАЕВНА", "ТЕСЛИНА С. Н.", "С. Н. ТЕСЛИНА"),
        ("Smith John", "Smith J.", "J. Smith"),
    ],
)
def test_short_name_holds_together(name: str, surname_first: str, initials_first: str) -> None:
    assert short_name(name, surname_first=True) == surname_first.replace(" ", NB)
    assert short_name(name, surname_first=False) == initials_first.replace(" ", NB)


@pytest.mark.parametrize("name", ["Теслина", "Светлана Николаевна", "", "Теслина -"])
def test_short_name_of_what_cannot_be_shortened_stays(name: str) -> None:
    assert short_name(name, surname_first=True) == name


@pytest.mark.parametrize("gender", [None, "m", "f"])
@pytest.mark.parametrize(
    "name", ["", "1", "-", "..", "С.Н.", "Ы" * 10_000, ("Иванова " * 1_500).strip(), "А." * 5_000, "и\u0301й"]
)
def test_what_is_no_name_comes_back_as_it_was(name: str, gender: str | None) -> None:
    assert decline_name(name, GENITIVE, gender=gender) == name
    assert short_name(name, surname_first=True) == name


@settings(max_examples=150, deadline=None)
@given(name=st.one_of(RUSSIAN_TEXT, st.text(max_size=40)), gender=st.sampled_from([None, "m", "f"]))
def test_any_text_is_declined_without_error(name: str, gender: str | None) -> None:
    for form in name_forms(name, gender=gender).values():
        assert form == form.strip()
        assert "  " not in form


@settings(max_examples=100, deadline=None)
@given(name=RUSSIAN_TEXT, gap=st.sampled_from([" ", "   ", "\t", "\n "]))
def test_spaces_around_do_not_matter(name: str, gap: str) -> None:
    tidied = decline_name(name, Case.NOMINATIVE)
    assert decline_name(tidied, Case.NOMINATIVE) == tidied
    spread = gap + tidied.replace(" ", gap) + gap
    assert decline_name(spread, DATIVE, gender="f") == decline_name(tidied, DATIVE, gender="f")


def test_short_name_of_a_short_name_is_itself() -> None:
    once = [short_name(row["nominative"], surname_first=True) for row in rows("declension_gold.csv", "name")]
    assert [short_name(name, surname_first=True) for name in once] == once


def test_grammar_is_loaded_at_the_first_question() -> None:
    """The dictionary takes 40 MB: a process that declines nothing must not pay for it."""
    code = (
        "from core.russian import Case, decline_name\n"
        "from core.russian.dictionary import analyzer\n"
        "before = analyzer.cache_info().currsize\n"
        "decline_name('Сухой Иван Ильич', Case.GENITIVE)\n"
        "print(before, analyzer.cache_info().currsize)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "0 1\n"
