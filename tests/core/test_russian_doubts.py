"""Which names a person is asked to look at, and why."""

from __future__ import annotations

import pytest

from core.russian import name_forms, needs_check
from core.russian.doubts import GENDER_BY_SURNAME, NO_PATRONYMIC, UNKNOWN_GENDER
from tests.core.declension import Row, ordinary_names, rows, wrong


def forms(row: Row) -> dict[str, str]:
    return name_forms(row["nominative"], gender=row["gender"])


def flagged(file: str) -> set[str]:
    return {row["nominative"] for row in rows(file, "name") if needs_check(row["nominative"], gender=row["gender"])}


def test_every_wrong_name_is_flagged() -> None:
    for file in ("declension_gold.csv", "declension_own.csv"):
        assert set(wrong(file, "name", forms)) - flagged(file) == set()


def test_at_most_a_quarter_of_hard_names_is_flagged() -> None:
    assert len(flagged("declension_gold.csv")) <= 222 * 0.25


def test_ordinary_names_are_left_alone() -> None:
    names = ordinary_names()
    assert len(names) == 120
    assert [name for name in names if needs_check(name)] == []


@pytest.mark.parametrize(
    ("name", "gender", "reason"),
    [
        ("Ким Саша", None, UNKNOWN_GENDER),
        ("Щербина А. П.", None, UNKNOWN_GENDER),
        ("Соколова А. П.", None, GENDER_BY_SURNAME),
        ("Ким Анна Петровна", "m", "Отчество «Петровна» не подходит к указанному полу. Проверьте пол."),
        ("Соколова Андрей Петрович", None, "Фамилия «Соколова» не похожа на мужскую. Проверьте её и пол."),
        ("Соколов Анна Петровна", None, "Фамилия «Соколов» не похожа на женскую. Проверьте её и пол."),
        ("Тран Ван Нам", "m", NO_PATRONYMIC),
        ("Smith Иван Иванович", None, "«Smith» написано не русскими буквами и оставлено без изменения."),
        (
            "Заяц Олег Иванович",
            None,
            "Фамилия «Заяц»: гласная может выпадать или сохраняться, здесь «Зайца». Спросите, как принято в семье.",
        ),
        (
            "Волчок Олег Иванович",
            None,
            "Фамилия «Волчок»: гласная может выпадать или сохраняться, здесь «Волчка». Спросите, как принято в семье.",
        ),
        (
            "Корж Олег Иванович",
            None,
            "Фамилия «Корж»: творительный падеж зависит от ударения, здесь «Коржом». Проверьте его.",
        ),
        (
            "Кваша Анна Ивановна",
            None,
            "Фамилия «Кваша»: творительный падеж зависит от ударения, здесь «Квашей». Проверьте его.",
        ),
        (
            "Калина Анна Ивановна",
            None,
            "Фамилия «Калина»: форма зависит от мужской фамилии в семье, здесь «Калины». Проверьте.",
        ),
        (
            "Глина Анна Ивановна",
            None,
            "Фамилия «Глина»: форма зависит от мужской фамилии в семье, здесь «Глиной». Проверьте.",
        ),
        (
            "Лановой Олег Иванович",
            None,
            "Фамилия «Лановой»: по правилам «Ланового», по словарю «Лановоя». Проверьте все формы.",
        ),
        (
            "Палий Олег Иванович",
            None,
            "Фамилия «Палий»: слова нет в словаре, форма «Палия» найдена по окончанию. Проверьте.",
        ),
        (
            "Хвостр-Белов Олег Иванович",
            None,
            "Фамилия «Хвостр-Белов»: первая часть может не склоняться. Спросите, как принято в семье.",
        ),
        (
            "Белова Айгуль Ивановна",
            None,
            "Имя «Айгуль»: допустимо и склонять, и не склонять, здесь «Айгули». Спросите, как принято в семье.",
        ),
        ("Белов Хлумба Иванович", None, "Имя «Хлумба»: имени нет в словаре, здесь «Хлумбы». Проверьте."),
        ("Белов Шота Иванович", None, "Имя «Шота»: по правилам «Шота», по словарю «Шоты». Проверьте все формы."),
    ],
)
def test_doubtful_name_says_why(name: str, gender: str | None, reason: str) -> None:
    assert needs_check(name, gender=gender) == [reason]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Корж Анна Ивановна",
        "Заяц Анна Ивановна",
        "Бонч-Бруевич Олег Иванович",
        "Римский-Корсаков Олег Иванович",
        "Мамедов Рашид Гусейн оглы",
        "ТЕСЛИНА СВЕТЛАНА НИКОЛАЕВНА",
        "Лапин Олег Иванович",
    ],
)
def test_certain_name_needs_no_check(name: str) -> None:
    assert needs_check(name) == []


@pytest.mark.parametrize("name", ["12", "-", "Ы" * 10_000])
def test_what_is_no_name_raises_no_error(name: str) -> None:
    assert needs_check(name) == ([UNKNOWN_GENDER] if len(name) < 10 else [])
