"""Bad input to the pages of the roadmap: a clear sentence beside the field, never an error of the portal."""

from __future__ import annotations

import pytest
from django.urls import reverse

from roadmap.models import Item, Roadmap, Stage
from tests.mentorship.builders import day
from tests.roadmap.builders import make_item, make_roadmap, make_stage
from tests.roadmap.test_pages import NEW, item_data, map_data

LONG = "щ" * 10_000
YEARS = "Проверьте год: он должен быть от 2000 до 2100."
REQUIRED = "Обязательное поле."
DATE = "Введите правильную дату."


def errors_of(response) -> dict[str, list[str]]:
    """Sentences beside the fields of the form that came back."""
    assert response.status_code == 200, response.status_code
    shown = response.context["form"].errors
    text = response.content.decode()
    assert [words for sentences in shown.values() for words in sentences if words not in text] == []
    return {name: list(sentences) for name, sentences in shown.items()}


def too_long(limit: int) -> str:
    return f"Убедитесь, что это значение содержит не более {limit} символов (сейчас 10000)."


@pytest.mark.parametrize(
    ("more", "errors"),
    [
        ({"title": LONG}, {"title": [too_long(300)]}),
        ({"title": "  "}, {"title": [REQUIRED]}),
        ({"starts_on": "31.02.2026"}, {"starts_on": [DATE]}),
        ({"starts_on": "вчера", "ends_on": LONG}, {"starts_on": [DATE], "ends_on": [DATE]}),
        ({"starts_on": ""}, {"starts_on": [REQUIRED]}),
        ({"starts_on": "0001-01-01"}, {"starts_on": [YEARS]}),
        ({"ends_on": "9999-12-31"}, {"ends_on": [YEARS]}),
        ({"ends_on": "2026-09-01"}, {"__all__": ["Окончание должно быть позже начала."]}),
        ({"ends_on": "2026-08-31"}, {"__all__": ["Окончание должно быть позже начала."]}),
        (
            {"like": "999999"},
            {"like": ["Выберите корректный вариант. Вашего варианта нет среди допустимых значений."]},
        ),
        ({"like": "щ"}, {"like": ["Выберите корректный вариант. Вашего варианта нет среди допустимых значений."]}),
    ],
)
def test_new_roadmap_explains_bad_input(roadmap, people, client_of, more: dict, errors: dict) -> None:
    assert errors_of(client_of(people.curator).post(NEW, map_data(**more))) == errors
    assert Roadmap.objects.count() == 1


def test_roadmap_of_another_school_is_no_pattern(roadmap, other_school, people, client_of) -> None:
    foreign = make_roadmap(other_school, "Канарейкина")
    response = client_of(people.curator).post(NEW, map_data(like=foreign.pk))
    assert (list(errors_of(response)), "Канарейкина" in response.content.decode()) == (["like"], False)


@pytest.mark.parametrize("period", [("2000-01-01", "2100-12-31"), ("01.09.2026", "31.08.2027")])
def test_edges_of_the_period_are_good(roadmap, people, client_of, period: tuple) -> None:
    make_item(make_stage(roadmap), due=0)
    data = map_data(starts_on=period[0], ends_on=period[1], like=roadmap.pk)
    assert client_of(people.curator).post(NEW, data).status_code == 302
    assert Item.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"title": LONG, "result": ""}, {"title": [too_long(300)]}),
        ({"title": "", "result": ""}, {"title": [REQUIRED]}),
        ({"title": "Этап", "result": LONG}, {"result": [too_long(2000)]}),
    ],
)
def test_stage_explains_bad_input(stage, people, client_of, data: dict, errors: dict) -> None:
    client = client_of(people.curator)
    for address in (reverse("stage_new", args=[stage.roadmap_id]), reverse("stage_edit", args=[stage.pk])):
        assert errors_of(client.post(address, data)) == errors
    assert Stage.objects.values_list("title", "result").get() == ("Подготовка", "Приказ и план")


def outside(roadmap: Roadmap) -> str:
    return f"День вне срока дорожной карты: с {roadmap.starts_on:%d.%m.%Y} по {roadmap.ends_on:%d.%m.%Y}."


def dates(starts: int | None, due: int | None) -> dict[str, str]:
    found = {"starts_on": starts, "due_on": due}
    return {name: "" if offset is None else day(offset).isoformat() for name, offset in found.items()}


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        (dates(-101, None), ["starts_on"]),
        (dates(None, 201), ["due_on"]),
        (dates(-101, 201), ["starts_on", "due_on"]),
        ({"due_on": "9999-12-31"}, ["due_on"]),
        ({"starts_on": "0001-01-01"}, ["starts_on"]),
    ],
)
def test_item_outside_the_roadmap_is_refused(roadmap, item, people, client_of, more: dict, fields: list[str]) -> None:
    client = client_of(people.curator)
    for address in (reverse("item_new", args=[item.stage_id]), reverse("item_edit", args=[item.pk])):
        errors = errors_of(client.post(address, item_data(**more)))
        assert errors == {name: [outside(roadmap)] for name in fields}
    assert Item.objects.count() == 1


@pytest.mark.parametrize("period", [(-100, 200), (-100, -100), (200, 200), (0, None), (None, 0), (None, None)])
def test_item_inside_the_roadmap_is_good(stage, people, client_of, period: tuple) -> None:
    response = client_of(people.curator).post(reverse("item_new", args=[stage.pk]), item_data(**dates(*period)))
    assert (response.status_code, Item.objects.count()) == (302, 1)


@pytest.mark.parametrize(
    ("more", "errors"),
    [
        ({"text": LONG}, {"text": [too_long(3000)]}),
        ({"text": " \n "}, {"text": [REQUIRED]}),
        ({"term": LONG}, {"term": [too_long(200)]}),
        ({"responsible": LONG}, {"responsible": [too_long(300)]}),
        ({"due_on": "32.13.2026"}, {"due_on": [DATE]}),
        (dates(5, 4), {"__all__": ["Срок не может быть раньше начала."]}),
    ],
)
def test_item_explains_bad_input(item, people, client_of, more: dict, errors: dict) -> None:
    client = client_of(people.curator)
    for address in (reverse("item_new", args=[item.stage_id]), reverse("item_edit", args=[item.pk])):
        assert errors_of(client.post(address, item_data(**more))) == errors
    assert Item.objects.values_list("text", "due_on").get() == ("Провести опрос", day(10))


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"done_on": ""}, {"done_on": [REQUIRED]}),
        ({"done_on": "вчера"}, {"done_on": [DATE]}),
        ({"done_on": "1999-12-31"}, {"done_on": ["Проверьте год: раньше 2000 года пункт выполнен быть не мог."]}),
        ({"done_on": "9999-12-31"}, {"done_on": ["День выполнения ещё не наступил."]}),
        ({"done_on": "2025-09-01", "done_note": LONG}, {"done_note": [too_long(500)]}),
    ],
)
def test_mark_explains_bad_input(approved, item, people, client_of, data: dict, errors: dict) -> None:
    response = client_of(people.curator).post(reverse("item_mark", args=[item.pk]), {"done_note": "", **data})
    assert (errors_of(response), Item.objects.get().done_on) == (errors, None)


def test_mark_is_offered_for_today(approved, item, people, client_of) -> None:
    form = client_of(people.curator).get(reverse("item_mark", args=[item.pk])).context["form"]
    assert form["done_on"].value() == day(0)


def test_unreadable_characters_are_refused_everywhere(approved, item, stage, people, client_of) -> None:
    client = client_of(people.curator)
    tries = {
        NEW: map_data(title="Карта\x00"),
        reverse("roadmap_edit", args=[approved.pk]): map_data(title="Карта\x00"),
        reverse("stage_new", args=[approved.pk]): {"title": "Этап\x00"},
        reverse("item_new", args=[stage.pk]): item_data(text="\x00"),
        reverse("item_mark", args=[item.pk]): {"done_on": "2025-09-01", "done_note": "\x00"},
    }
    assert {address: client.post(address, data).status_code for address, data in tries.items()} == dict.fromkeys(
        tries, 400
    )


def test_shown_text_is_escaped(stage, people, client_of) -> None:
    client, bad = client_of(people.curator), "<script>alert(1)</script>"
    client.post(reverse("item_new", args=[stage.pk]), item_data(text=bad, responsible=bad, term=bad))
    text = client.get(reverse("roadmap_detail", args=[stage.roadmap_id])).content.decode()
    assert (bad in text, text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3) == (False, True)
