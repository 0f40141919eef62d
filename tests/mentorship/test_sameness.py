"""Whether two names may be one person: each reason, what speaks against it, and the index that misses nothing."""

from __future__ import annotations

import time
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorship.sameness import (
    LATIN,
    VISUAL,
    Index,
    Name,
    folded,
    has_latin_lookalikes,
    keys_of,
    likeness,
    one_slip,
    with_cyrillic,
)

IVANOVA = Name("Иванова", "Анна", "Сергеевна")
TO_LATIN = {cyrillic: latin for latin, cyrillic in VISUAL.items()}


def name(text: str, year: int | None = None, past: tuple[tuple[str, str, str], ...] = ()) -> Name:
    surname, given_name, *rest = text.split()
    return Name(surname, given_name, " ".join(rest), year, past)


# --- Normal form ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "spelling",
    [
        "Семёнова-Алёхина",
        "СЕМЕНОВА-АЛЕХИНА",
        "  семёнова  –  алехина ",
        "Семенова Алехина",
        "Ceмёнoвa-Aлёxинa",
        "Семе\u0308нова‑Алехина",
    ],
)
def test_normal_form_is_one_for_every_spelling(spelling: str) -> None:
    assert folded(spelling) == "семенова алехина"


def test_apostrophes_and_dots_do_not_matter() -> None:
    assert {folded(text) for text in ("Д'Артаньян", "Д’Артаньян", "дартаньян")} == {"дартаньян"}
    assert folded("А.П.") == folded("А. П.") == "а п"


def test_short_i_and_hard_letters_stay_themselves() -> None:
    assert [folded(text) for text in ("Йов", "Иов", "Ъ", "Ь")] == ["йов", "иов", "ъ", "ь"]


WORDS = st.text("абвгеёжийклмнопрстухъьэюяАЕЁЯ'’-. aceopxyABCEHKMOPTX", max_size=14)


@given(WORDS)
def test_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=20))
def test_normal_form_takes_any_text(text: str) -> None:
    assert folded(text) == folded(f"  {text} ")


# --- Latin letters ----------------------------------------------------------------------------------------------------
def test_latin_letter_is_named_with_its_word_and_place() -> None:
    found = has_latin_lookalikes("Cергеев Иван")
    assert [(one.letter, one.position, one.meant, str(one)) for one in found] == [
        ("C", 0, "С", "Латинская буква «C» в слове «Cергеев»")
    ]


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("Cергеев", "Сергеев"),
        ("Иванова-Poca Анна", "Иванова-Роса Анна"),
        ("Сeргeй COBA", "Сергей СОВА"),
        ("Wван", "Wван"),
        ("Иван Smith", "Иван Smith"),
        ("Tom Cox", "Tom Cox"),
        ("", ""),
    ],
)
def test_look_alikes_are_put_right_and_foreign_names_left(text: str, fixed: str) -> None:
    assert with_cyrillic(text) == fixed


def test_latin_letter_that_resembles_nothing_is_flagged_without_advice() -> None:
    assert [(one.letter, one.meant) for one in has_latin_lookalikes("Wван")] == [("W", "")]


@given(st.text("СергеваОНКМТХ", min_size=2, max_size=12), st.data())
def test_every_planted_letter_is_found(word: str, data: st.DataObject) -> None:
    """One letter of a Russian word in Latin: found at its place, put right, and the normal form does not notice."""
    places = [place for place, letter in enumerate(word) if letter in TO_LATIN]
    rest = [place for place, letter in enumerate(word) if letter not in TO_LATIN]
    if not places or not rest:
        return
    place = data.draw(st.sampled_from(places))
    spoilt = word[:place] + TO_LATIN[word[place]] + word[place + 1 :]
    assert [one.position for one in has_latin_lookalikes(spoilt)] == [place]
    assert (with_cyrillic(spoilt), folded(spoilt)) == (word, folded(word))


def test_every_visual_twin_has_one_normal_form() -> None:
    assert {latin.lower() for latin in VISUAL} - set(LATIN) == set()
    assert [latin for latin, cyrillic in VISUAL.items() if folded(latin) != folded(cyrillic)] == []


# --- Reasons ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Иванова Анна Сергеевна", "Иванова Анна Сергеевна", "то же имя"),
        ("Шмелёва Алёна Петровна", "Шмелева Алена Петровна", "то же имя: ё и е"),
        ("Иванова Анна Сергеевна", "ИВАНОВА АННА Сергеевна", "то же имя, написано иначе"),
        ("Иванова Анна-Мария Сергеевна", "Иванова Анна–Мария Сергеевна", "то же имя, написано иначе"),
        ("Cергеев Иван Ильич", "Сергеев Иван Ильич", "латинские буквы"),
        ("Cергеёв Иван Ильич", "Сергеев Иван Ильич", "латинские буквы"),
        (
            "Иванова Анна Сергеевна",
            "Иванова-Петрова Анна Сергеевна",
            "двойная фамилия: Иванова и Иванова-Петрова",
        ),
        (
            "Петрова-Иванова Анна Сергеевна",
            "Иванова-Петрова Анна Сергеевна",
            "двойная фамилия: Иванова-Петрова и Петрова-Иванова",
        ),
        ("Иванова Анна", "Иванова Анна Сергеевна", "та же фамилия и имя, отчество не указано"),
        ("Иванова А. С.", "Иванова Анна Сергеевна", "инициалы"),
        ("Иванова А.", "Иванова Анна Сергеевна", "инициалы"),
        ("Иванова Анна С.", "Иванова А. Сергеевна", "инициалы"),
        ("Иванова Наталия Геннадиевна", "Иванова Наталья Геннадьевна", "имя или отчество в другом написании"),
        ("Щербакова Инна Вадимовна", "Щербокова Инна Вадимовна", "одна опечатка в фамилии"),
        ("Щербакова Инна Вадимовна", "Щебракова Инна Вадимовна", "одна опечатка в фамилии"),
        ("Щербакова Инна Вадимовна", "Щербаков Инна Вадимовна", "одна опечатка в фамилии"),
        # Nothing to suspect.
        ("Иванова Анна Сергеевна", "Иванова Алла Сергеевна", None),
        ("Иванова Анна Сергеевна", "Иванова Анна Петровна", None),
        ("Иванова А. С.", "Иванова Анна Петровна", None),
        ("Иванова А. С.", "Петрова Анна Сергеевна", None),
        ("Ильин Олег Ильич", "Ильич Олег Ильич", None),
        ("Щербакова Инна Вадимовна", "Шербокова Инна Вадимовна", None),
        ("Щербакова Инна", "Щербокова Инна", None),
        ("Щербакова Инна Вадимовна", "Щербокова Инга Вадимовна", None),
        ("Иванова-Петрова Анна Сергеевна", "Иванова-Сидорова Анна Сергеевна", None),
    ],
)
def test_reason_is_said_in_words(one: str, other: str, reason: str | None) -> None:
    assert likeness(name(one), name(other)) == reason


def test_earlier_name_is_a_reason_on_either_side() -> None:
    married = Name("Петрова", "Анна", "Сергеевна", past=(("Иванова", "Анна", "Сергеевна"),))
    both = Name("Сидорова", "Анна", "Сергеевна", past=(("Иванова", "Анна", ""),))
    assert [likeness(married, one) for one in (IVANOVA, both, name("Котова Анна Сергеевна"))] == [
        "прежняя фамилия: Иванова",
        "прежняя фамилия: Иванова",
        None,
    ]


def test_other_year_of_birth_speaks_against() -> None:
    """The very same name stays suspicious: a year is easily mistyped. Anything weaker does not."""
    born = [Name("Иванова", "Анна", "Сергеевна", year) for year in (1980, 1990, None)]
    double = Name("Иванова-Петрова", "Анна", "Сергеевна", 1990)
    assert likeness(born[0], born[1]) == "то же имя; год рождения разный"
    assert (likeness(born[0], born[2]), likeness(born[0], double)) == ("то же имя", None)
    assert likeness(born[1], double) == "двойная фамилия: Иванова и Иванова-Петрова"


@pytest.mark.parametrize("parts", [("", "", ""), ("Иванова", "", ""), ("", "Анна", "Сергеевна"), ("-", ".", "")])
def test_half_a_name_is_like_nobody(parts: tuple[str, str, str]) -> None:
    assert likeness(Name(*parts), Name(*parts)) is None
    assert Index([(1, Name(*parts))]).like(Name(*parts)) == []


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("щербакова", "щербакова", False),
        ("щербакова", "щрбакова", True),
        ("щербакова", "щербаковаа", True),
        ("щербакова", "щербаоква", True),
        ("щербакова", "шербакава", False),
        ("аб", "", False),
        ("а", "", True),
    ],
)
def test_slip_is_exactly_one_step(one: str, other: str, is_slip: bool) -> None:
    assert (one_slip(one, other), one_slip(other, one)) == (is_slip, is_slip)


# --- Properties -------------------------------------------------------------------------------------------------------
SURNAMES = ["Иванова", "Ивановa", "Иванова-Петрова", "Петрова", "Щербакова", "Щербокова", "Семёнова", "Семенова", "Ли"]
GIVEN = ["Анна", "Aнна", "А.", "Наталья", "Наталия", "Алёна", "Алена", ""]
PATRONYMICS = ["Сергеевна", "С.", "Геннадьевна", "Геннадиевна", ""]
PARTS = st.tuples(st.sampled_from(SURNAMES), st.sampled_from(GIVEN), st.sampled_from(PATRONYMICS))
FREE = st.tuples(WORDS, WORDS, WORDS)
NAMES = st.builds(
    lambda parts, year, past: Name(*parts, year, tuple(past)),
    PARTS | FREE,
    st.sampled_from([None, 1980, 1990]),
    st.lists(PARTS, max_size=2),
)


@settings(max_examples=400)
@given(NAMES, NAMES)
def test_likeness_does_not_depend_on_the_order(one: Name, other: Name) -> None:
    assert likeness(one, other) == likeness(other, one)


@given(NAMES)
def test_a_whole_name_is_like_itself(one: Name) -> None:
    assert likeness(one, one) == ("то же имя" if one.is_whole else None)


@settings(max_examples=400)
@given(NAMES, NAMES)
def test_names_alike_share_a_key(one: Name, other: Name) -> None:
    assert likeness(one, other) is None or keys_of(one) & keys_of(other)


LETTERS = st.text("бвгджзлмнрст", min_size=6, max_size=9)


@given(LETTERS, LETTERS, LETTERS, LETTERS)
def test_clearly_different_names_give_no_reason(surname: str, other: str, given_name: str, patronymic: str) -> None:
    """Surnames that share no letter at the same place, whatever else is the same."""
    if any(one == two for one, two in zip(surname, other, strict=False)) or one_slip(surname, other):
        return
    assert likeness(Name(surname, given_name, patronymic), Name(other, given_name, patronymic)) is None


@given(st.text("абвгде", min_size=6, max_size=9), st.data())
def test_any_one_slip_is_found_through_the_index(surname: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(surname) - 1))
    kinds = [
        surname[:place] + "я" + surname[place + 1 :],
        surname[:place] + "я" + surname[place:],
        surname[:place] + surname[place : place + 2][::-1] + surname[place + 2 :],
    ]
    typed = data.draw(st.sampled_from(kinds))
    index = Index([(1, Name(surname, "Инна", "Вадимовна"))])
    reason = "то же имя" if typed == surname else "одна опечатка в фамилии"
    assert index.like(Name(typed, "Инна", "Вадимовна")) == [(1, reason)]


@given(st.lists(NAMES, max_size=8))
def test_index_finds_the_same_pairs_as_comparing_everybody(names: list[Name]) -> None:
    wanted = {
        (one, other): reason
        for one, other in combinations(range(len(names)), 2)
        if (reason := likeness(names[one], names[other]))
    }
    assert Index(enumerate(names)).pairs() == wanted


def bank(size: int) -> list[tuple[int, Name]]:
    """People of many different names."""
    given_names = ["Анна", "Мария", "Елена", "Ольга", "Ирина", "Вера", "Нина", "Юлия", "Дарья", "Алла"]
    people = []
    for number in range(size):
        one, two, three, four = (number // power % 10 for power in (1, 10, 100, 1000))
        surname = f"Фамили{'абвгдежзик'[one]}{'лмнопрстуф'[two]}ова{'хцчшщэюяаб'[three]}"
        people.append((number, Name(surname, given_names[four], f"{given_names[three]}вна")))
    return people


def test_search_in_a_large_bank_is_quick() -> None:
    index = Index(bank(10_000))
    started = time.perf_counter()
    found = [index.like(name("Фамилиаловахх Анна Аннавна")) for _ in range(100)]
    assert time.perf_counter() - started < 2
    assert [reason for _, reason in found[0]] == ["одна опечатка в фамилии"]
