"""Pages of reminders: every letter is shown before it leaves, past mailings, slips."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter
from mentorship.forms.reminders import CHANGED
from mentorship.models import Pair, Participant, Reminder, ReminderLetter
from mentorship.services.reminders import HOLIDAYS, TOO_MANY
from tests.core.document_words import pdf_words
from tests.mentorship.board import at_work
from tests.mentorship.builders import card, day, form_pair
from tests.mentorship.reminding import holiday, pairs, send

__all__ = ["holiday", "pairs"]
NEW, LIST = reverse("reminder_new"), reverse("reminder_list")
pytestmark = pytest.mark.django_db


def posted(response, **changes: Any) -> dict[str, Any]:
    """What the page sends back as it is."""
    form = response.context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    ticked = [one.letter.person.pk for one in (*response.context["letters"], *response.context["slips"]) if one.ticked]
    return {**values, "person": ticked, **changes}


def test_page_shows_every_letter_before_it_leaves(pairs, people, client_of) -> None:
    client = client_of(people.curator)
    url = f"{NEW}?pair={pairs[0].pk}&pair={pairs[2].pk}&kind=ending"
    response = client.get(url)
    page = response.content.decode()
    assert [
        words
        for words in ("Алла Петровна, здравствуйте!", "срок до", "нет входа")
        if words not in page.lower() and words not in page
    ] == []
    assert [one.letter.person.surname for one in response.context["letters"]] == ["Верескова"]
    assert [one.letter.person.surname for one in response.context["slips"]] == ["Осокина"]
    sent = client.post(url, posted(response), follow=True)
    assert (Reminder.objects.get().kind, Letter.objects.count()) == ("ending", 1)
    assert "Напоминание разослано." in sent.content.decode()
    assert Letter.objects.get().body in response.context["letters"][0].letter.body


def test_all_found_are_reminded_by_the_filter(pairs, people, client_of) -> None:
    Pair.objects.filter(pk=pairs[2].pk).update(ends_on=day(5))
    response = client_of(people.curator).get(f"{NEW}?all=1&soon=on")
    assert [one.letter.person.surname for one in response.context["slips"]] == ["Осокина"]
    assert response.context["letters"] == []
    assert f"{NEW}?all=1" in client_of(people.curator).get(reverse("pair_list")).content.decode()


def test_changed_words_are_shown_again_before_they_leave(pairs, people, client_of) -> None:
    client, url = client_of(people.curator), f"{NEW}?all=1"
    response = client.post(url, posted(client.get(url), text="Новые слова"))
    assert (CHANGED in response.content.decode(), Reminder.objects.count()) == (True, 0)
    assert "Новые слова" in response.context["letters"][0].letter.body
    client.post(url, posted(response))
    assert Letter.objects.get().body.splitlines()[2] == "Новые слова"


def test_preview_sends_nothing(pairs, people, client_of) -> None:
    client, url = client_of(people.curator), f"{NEW}?all=1"
    response = client.post(url, posted(client.get(url), text="Ещё слова", preview="1", person=[]))
    assert (Reminder.objects.count(), CHANGED in response.content.decode()) == (0, False)
    assert "Ещё слова" in response.context["letters"][0].letter.body
    assert [one.ticked for one in response.context["letters"]] == [False]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": ""}, "Обязательное поле"),
        ({"subject": "я" * 151}, "не более 150"),
        ({"person": []}, "Отправлять некому"),
        ({"person": ["x", "9" * 30]}, "Отправлять некому"),
        ({"shown": ""}, "Текст изменился"),
    ],
)
def test_wrong_input_is_answered_in_words(pairs, people, client_of, changes: dict[str, Any], words: str) -> None:
    client, url = client_of(people.curator), f"{NEW}?all=1"
    response = client.post(url, posted(client.get(url), **changes))
    assert (response.status_code, words in response.content.decode(), Reminder.objects.count()) == (200, True, 0)


@pytest.mark.parametrize("moment", ["", "вчера", "2026-11-21T10:00:00"])
def test_unreadable_moment_tells_nobody_twice(pairs, people, client_of, moment: str) -> None:
    client, url = client_of(people.curator), f"{NEW}?all=1"
    ready = posted(client.get(url))
    client.post(url, ready)
    client.post(url, {**ready, "shown_at": moment if "T" not in moment else f"{day(-1)}T10:00:00"})
    assert Reminder.objects.count() == 1


def test_second_click_leads_to_the_first_mailing(pairs, people, client_of) -> None:
    client, url = client_of(people.curator), f"{NEW}?all=1"
    ready = posted(client.get(url))
    first, again = client.post(url, ready), client.post(url, ready)
    assert (first["Location"], again["Location"], Reminder.objects.count()) == (first["Location"],) * 2 + (1,)


def test_reminded_lately_is_unticked_with_the_reason(pairs, school, people, client_of) -> None:
    with time_machine.travel(timezone.now() - dt.timedelta(days=2), tick=False):
        send(school, people, ["Верескова"])
    with time_machine.travel(timezone.now() - dt.timedelta(days=3, minutes=1), tick=False):
        send(school, people, ["Осокина"])
    client, url = client_of(people.curator), f"{NEW}?all=1"
    response = client.get(url)
    assert [(one.ticked, one.reason) for one in response.context["letters"]] == [
        (False, f"уже напоминали {day(-2):%d.%m.%Y}")
    ]
    assert [(one.ticked, one.reason) for one in response.context["slips"]] == [(True, "")]
    again = posted(response, person=[response.context["letters"][0].letter.person.pk])
    client.post(url, again)
    assert ReminderLetter.objects.count() == 3


def test_page_asks_in_holidays(pairs, people, client_of, holiday) -> None:
    client, url = client_of(people.curator), f"{NEW}?all=1"
    response = client.get(url)
    assert "Сегодня осенние каникулы" in response.content.decode()
    refused = client.post(url, posted(response))
    assert (HOLIDAYS in refused.content.decode(), Reminder.objects.count()) == (True, 0)
    client.post(url, posted(response, in_holidays="on"))
    assert Reminder.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Писать некому"),
        ("?pair=0&pair=x&pair=99999999999999999999", "Писать некому"),
        ("?all=1&kind=z&audience=z", "Верескова"),
    ],
)
def test_odd_addresses_are_answered(pairs, people, client_of, query: str, words: str) -> None:
    assert words in client_of(people.curator).get(NEW + query).content.decode()


def test_too_many_are_asked_to_narrow(pairs, people, client_of, monkeypatch) -> None:
    monkeypatch.setattr("mentorship.views.reminders.MOST_PAIRS", 2)
    assert TOO_MANY in client_of(people.curator).get(f"{NEW}?all=1").content.decode()


def test_pairs_of_another_school_are_not_found(pairs, people, client_of) -> None:
    page = client_of(people.stranger).get(f"{NEW}?pair={pairs[0].pk}&all=").content.decode()
    assert ("Писать некому" in page, "Верескова" in page) == (True, False)


def test_past_mailings_are_listed_and_narrowed(pairs, school, people, client_of) -> None:
    client = client_of(people.curator)
    assert "Напоминаний ещё не было" in client.get(LIST).content.decode()
    reminder = send(school, people)
    found = {
        query: [one.pk for one in client.get(LIST + query).context["page_obj"]]
        for query in ("", "?kind=ending", "?kind=meetings", "?q=осокина", "?q=ольхин", "?q=тема", "?kind=ghost")
    }
    mine = [reminder.pk]
    assert list(found.values()) == [mine, [], mine, mine, [], mine, mine]
    assert "Ничего не нашлось" in client.get(f"{LIST}?q=никто").content.decode()
    assert "на бумаге: 1" in client.get(LIST).content.decode()


def test_mailing_tells_who_read_it(pairs, school, people, client_of) -> None:
    reminder = send(school, people)
    url = reverse("reminder_detail", args=[reminder.pk])
    client = client_of(people.curator)
    assert ("отправлено" in client.get(url).content.decode(), "прочитано" in client.get(url).content.decode()) == (
        *(True, False),
    )
    Letter.objects.update(read_at=timezone.now())
    assert "прочитано" in client.get(url).content.decode()


def test_slips_are_printed_for_those_without_a_login(pairs, school, people, client_of) -> None:
    reminder = send(school, people)
    client, url = client_of(people.curator), reverse("reminder_slips", args=[reminder.pk])
    words = pdf_words(b"".join(client.get(url).streaming_content))
    assert ("Осокина" in words, "Верескова" in words) == (True, False)
    reminder.letters.on_paper().delete()
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("curator", (200, 200, 200, 200)),
        ("director", (403, 200, 200, 403)),
        ("inspector", (403, 200, 200, 403)),
        ("teacher", (403, 403, 403, 403)),
        ("stranger", (200, 200, 404, 404)),
    ],
)
def test_pages_of_reminders_ask_the_table(
    pairs, school, people, client_of, who: str, statuses: tuple[int, ...]
) -> None:
    reminder = send(school, people)
    own = [reverse(name, args=[reminder.pk]) for name in ("reminder_detail", "reminder_slips")]
    client = client_of(getattr(people, who))
    assert tuple(client.get(url).status_code for url in (NEW, LIST, *own)) == statuses


def test_pages_cost_the_same_for_one_and_three(pair: Pair, second, school, people, client_of, queries) -> None:
    client = client_of(people.curator)
    Participant.objects.filter(pk=pair.mentor_id).update(user=people.teacher)
    at_work(pair, people)
    reminder = send(school, people)
    urls = [f"{NEW}?all=1&audience=everybody", LIST, reverse("reminder_detail", args=[reminder.pk])]
    first = [queries(client, url) for url in urls]
    for name in ("Ракитина Мария Ильинична", "Ивин Пётр Ильич"):
        at_work(form_pair(card(school, f"Кленов{name[0]} Олег Ильич"), [card(school, name)], people.curator), people)
    send(school, people, ["КленовР", "КленовИ"])
    reminder.letters.model.objects.update(reminder=reminder)
    assert ([queries(client, url) for url in urls], first) == ([19, 9, 9], [19, 9, 9])
