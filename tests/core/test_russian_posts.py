"""Posts in every case, and why some deserve a look."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.russian import OBLIQUE, Case, decline_post, post_forms, post_needs_check
from core.russian.dictionary import readings
from core.russian.post_doubts import NOTHING_FOUND, TOO_LONG
from tests.core.declension import Row, rows, wrong

GENITIVE, DATIVE, ACCUSATIVE, INSTRUMENTAL, PREPOSITIONAL = OBLIQUE


def forms(row: Row) -> dict[str, str]:
    return post_forms(row["nominative"])


def first_word_only(row: Row) -> dict[str, str]:
    """What the dictionary alone would do: change the first word, leave the rest."""
    first, gap, rest = row["nominative"].partition(" ")
    found = readings(first.lower())
    tags = ("gent", "datv", "accs", "ablt", "loct")
    changed = [found[0].inflect({tag}) if found else None for tag in tags]
    return {
        case.value: (form.word if form else first) + gap + rest for case, form in zip(OBLIQUE, changed, strict=True)
    }


def test_posts_of_the_table_are_right() -> None:
    assert len(rows("declension_gold.csv", "position")) == 82
    assert wrong("declension_gold.csv", "position", forms) == {}


def test_own_posts_are_right() -> None:
    assert len(rows("declension_own.csv", "position")) == 402
    assert wrong("declension_own.csv", "position", forms) == {}


def test_first_word_is_not_enough() -> None:
    found = wrong("declension_gold.csv", "position", first_word_only)
    assert {"социальный педагог", "учитель английского языка, наставник"} <= set(found)


@pytest.mark.parametrize(
    ("post", "case", "expected"),
    [
        ("заместитель директора по УВР", DATIVE, "заместителю директора по УВР"),
        ("учитель и классный руководитель", INSTRUMENTAL, "учителем и классным руководителем"),
        ("учитель русского языка и литературы", DATIVE, "учителю русского языка и литературы"),
        ("шеф-повар", GENITIVE, "шеф-повара"),
        ("временно исполняющий обязанности директора", DATIVE, "временно исполняющему обязанности директора"),
        ("и.о. директора", GENITIVE, "и.о. директора"),
        ("И. О. директора", GENITIVE, "И. О. директора"),
        ("врио директора", DATIVE, "врио директора"),
        ("зам. директора по ВР, учитель химии", DATIVE, "зам. директора по ВР, учителю химии"),
        ("заведующий кафедрой", ACCUSATIVE, "заведующего кафедрой"),
        ("заведующая кафедрой", ACCUSATIVE, "заведующую кафедрой"),
        ("педагог-психолог", PREPOSITIONAL, "педагоге-психологе"),
        ("заведующий-методист", GENITIVE, "заведующего-методиста"),
        ("педагог-ведущий", GENITIVE, "педагога-ведущего"),
        ("сестра медицинская старшая", ACCUSATIVE, "сестру медицинскую старшую"),
        ("директор МБОУ «Учитель и директор» № 5", GENITIVE, "директора МБОУ «Учитель и директор» № 5"),
        ("участковый уполномоченный полиции", DATIVE, "участковому уполномоченному полиции"),
        ("лицо, ответственное за питание", GENITIVE, "лица, ответственного за питание"),
        ("педагог, осуществляющий учебный процесс", GENITIVE, "педагога, осуществляющего учебный процесс"),
        ("учитель (английский язык)", GENITIVE, "учителя (английский язык)"),
        ("ассистент (помощник)", GENITIVE, "ассистента (помощника)"),
        ("1-й заместитель главы", INSTRUMENTAL, "1-м заместителем главы"),
        ("старший и младший воспитатель", GENITIVE, "старшего и младшего воспитателя"),
        ("методист по учебной и иной работе", GENITIVE, "методиста по учебной и иной работе"),
        ("робототехник", GENITIVE, "робототехника"),
        ("коуч", INSTRUMENTAL, "коучем"),
        ("замдекана", GENITIVE, "замдекана"),
        ("завотделом", GENITIVE, "завотделом"),
        ("УЧИТЕЛЬ ХИМИИ", DATIVE, "УЧИТЕЛЮ ХИМИИ"),
        ("Учитель  химии ", DATIVE, "Учителю химии"),
        ("вахтер", INSTRUMENTAL, "вахтером"),
        ("вахтёр", INSTRUMENTAL, "вахтёром"),
        ("учителя", DATIVE, "учителя"),
        ("", DATIVE, ""),
        ("ПДО", DATIVE, "ПДО"),
        ("учитель химии", Case.NOMINATIVE, "учитель химии"),
    ],
)
def test_post_changes_its_head_and_nothing_else(post: str, case: Case, expected: str) -> None:
    assert decline_post(post, case) == expected


def test_saved_form_of_the_post_wins() -> None:
    overrides = {("post", "коуч по росту"): {"genitive": "коуча роста"}, ("name", "коуч по росту"): {"dative": "Х"}}
    assert decline_post("Коуч  по росту", GENITIVE, overrides=overrides) == "коуча роста"
    assert decline_post("Коуч по росту", DATIVE, overrides=overrides) == "Коучу по росту"
    assert decline_post("Коуч по росту", GENITIVE) == "Коуча по росту"


def test_post_forms_gives_the_five_oblique_cases() -> None:
    assert post_forms("старшая вожатая") == {
        "genitive": "старшей вожатой",
        "dative": "старшей вожатой",
        "accusative": "старшую вожатую",
        "instrumental": "старшей вожатой",
        "prepositional": "старшей вожатой",
    }


def test_overlong_post_stays() -> None:
    post = "учитель " + "очень " * 100
    assert decline_post(post, GENITIVE) == post.strip()
    assert post_needs_check(post) == [TOO_LONG]


@pytest.mark.parametrize("post", ["«" * 10_000, "(" * 10_000, "и " * 5_000, "Ы" * 10_000, "«учитель", "-", "№ 5"])
def test_what_is_no_post_comes_back_as_it_was(post: str) -> None:
    assert decline_post(post, GENITIVE) == post.strip()


@settings(max_examples=200, deadline=None)
@given(words=st.lists(st.sampled_from(["учитель", "старший", "и", ",", "-", "(", "«", "»", "ГПД", "5", "и.о.", "за"])))
def test_any_mix_of_words_is_declined_without_error(words: list[str]) -> None:
    text = " ".join(words)
    for form in post_forms(text).values():
        assert len(form.split()) == len(text.split())
    assert post_needs_check(text) == post_needs_check(f"  {text} ")


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_declined_without_error(text: str) -> None:
    assert decline_post(f" {text} ", DATIVE) == decline_post(text, DATIVE)


@pytest.mark.parametrize(
    "post",
    ["учитель химии", "зам. директора по ВР", "и.о. директора", "ВРИО директора", "тьютор", "педагог-психолог", ""],
)
def test_plain_post_needs_no_check(post: str) -> None:
    assert post_needs_check(post) == []


@pytest.mark.parametrize(
    ("post", "reason"),
    [
        ("учителя", NOTHING_FOUND),
        ("ПДО", NOTHING_FOUND),
        ("(старший) воспитатель", NOTHING_FOUND),
        ("завлаб", "Слова «завлаб» нет в словаре, форма «завлаба» найдена по окончанию. Проверьте."),
        ("стул", "Слово «стул» не похоже на название должности. Проверьте формы."),
        ("старшая воспитатель", "Слова при «воспитатель» стоят в другом роде. Проверьте формы."),
        ("учитель химии воспитатель", "Слово «воспитатель» осталось в именительном падеже. Проверьте формы."),
    ],
)
def test_doubtful_post_says_why(post: str, reason: str) -> None:
    assert post_needs_check(post) == [reason]


def test_few_posts_of_the_table_need_a_check() -> None:
    posts = [row["nominative"] for row in rows("declension_gold.csv", "position")]
    assert [post for post in posts if post_needs_check(post)] == []
