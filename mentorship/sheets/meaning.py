"""What the values of a row mean together: ages, experience, what a new card cannot be without."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from core.russian import gender_of
from core.sheets import DateWidget, WholeNumberWidget
from mentorship.models import Category, Participant, Post
from mentorship.models.participants import ADULT_YEARS, FULL_DATE, LEARNERS, birthday
from mentorship.sheets.columns import CATEGORIES, NAME_PARTS

POST_FIELDS = {
    "post_title": "title",
    "subjects": "subjects",
    "department": "department",
    "load": "load",
    "workplace": "workplace",
    "post_starts_on": "starts_on",
}
BORN: dict[str, Any] = {"birth_date": DateWidget(), "birth_year": WholeNumberWidget()}
NO_GENDER = "По этому имени пол не определить, а от него зависят падежи. Заполните колонку «Пол»."
OTHER_YEAR = "Год не совпадает с датой рождения."
IN_FUTURE = "Стаж не может начаться в будущем."
REQUIRED = "Обязательное поле: заполните ячейку."


def year_in(values: Mapping[str, Any]) -> int | None:
    """The year of birth of a row, None where it is not given or unreadable."""
    for name, widget in BORN.items():
        try:
            found = widget.clean(values.get(name, ""))
        except ValueError:
            continue
        if found is not None:
            return found.year if isinstance(found, dt.date) else int(found)
    return None


def category_in(values: Mapping[str, Any]) -> str:
    try:
        found = CATEGORIES.clean(values.get("category", ""))
    except ValueError:
        found = ""
    return found or default_category(values)


def default_category(values: Mapping[str, Any]) -> str:
    """Somebody with a class is a pupil, everybody else a teacher, unless the file says otherwise."""
    return Category.PUPIL.value if values.get("class_name") else Category.TEACHER.value


def checked(name: str, value: Any, person: Participant) -> Any:
    """The value as the field of the model takes it; raises `ValidationError`."""
    if name in ("experience", "partner"):
        return value
    model: Any = Post if name in POST_FIELDS else Participant
    return model._meta.get_field(POST_FIELDS.get(name, name)).clean(value, person)


def settle_age(values: dict[str, Any], person: Participant, day: dt.date, errors: dict[str, ValidationError]) -> None:
    """The full date of birth is kept for minors alone; of whoever is 18 already, only the year, known for certain."""
    born = values.get("birth_date")
    if born is None:
        return
    known = person.category if person.pk else default_category(values)
    if values.get("birth_year") not in (None, born.year):
        errors["birth_year"] = ValidationError(OTHER_YEAR)
    elif day >= birthday(born, ADULT_YEARS):
        values |= {"birth_date": None, "birth_year": born.year, "came_of_age": True}
    elif (values.get("category") or known) not in LEARNERS:
        errors["birth_date"] = ValidationError(FULL_DATE)
    else:
        values |= {"birth_year": born.year, "came_of_age": False}


def settle_experience(
    values: dict[str, Any], person: Participant, day: dt.date, errors: dict[str, ValidationError]
) -> None:
    """Full years become the last 1 September on which they had begun; a card that says the same is left alone."""
    years = values.pop("experience", None)
    if years is not None and "works_since" not in values and person.experience_on(day) != years:
        first = dt.date(day.year - years, 9, 1)
        values["works_since"] = first if first <= day.replace(year=day.year - years) else first.replace(first.year - 1)
    if values.get("works_since") and values["works_since"] > day:
        errors["works_since"] = ValidationError(IN_FUTURE)


def settle_new(values: dict[str, Any], errors: dict[str, ValidationError]) -> None:
    """What a new card cannot be without."""
    values["category"] = values.get("category") or default_category(values)
    for name in ("surname", "given_name"):
        if not values.get(name) and not {name, "surname"} & errors.keys():
            errors[name] = ValidationError(REQUIRED)
    if not values.get("gender") and not errors.keys() & {*NAME_PARTS, "gender"}:
        gender = gender_of(" ".join(values[name] for name in NAME_PARTS if values.get(name)))
        if gender is None:
            errors["gender"] = ValidationError(NO_GENDER)
        else:
            values["gender"] = gender.value
