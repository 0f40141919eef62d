"""Posts: dated, one main, in the school or in another organisation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.permissions import Forbidden
from core.models import JournalEntry
from mentorship.models import Participant, Post
from mentorship.services.participants import add_post, end_post
from tests.mentorship.builders import card, day


def test_new_main_post_leaves_the_earlier_one_second(people, school) -> None:
    person = card(school, "Теслина Светлана Николаевна", "учитель химии")
    add_post(participant=person, actor=people.curator, title="заместитель директора", starts_on=day(-1))
    posts = list(person.posts.values_list("title", "is_main"))
    assert posts == [("заместитель директора", True), ("учитель химии", False)]
    assert Participant.objects.get().post == "заместитель директора"


def test_post_ends_once_and_not_before_it_began(people, school, client_of) -> None:
    person = card(school, "Теслина Светлана Николаевна", "учитель химии")
    post = person.posts.get()
    url, client = reverse("post_end", args=[post.pk]), client_of(people.curator)
    early = client.post(url, {"ends_on": day(-500).isoformat()})
    assert "Последний день не может быть раньше первого" in early.content.decode()
    assert client.post(url, {"ends_on": day(-1).isoformat()}).status_code == 302
    assert Participant.objects.get().post == ""
    assert "уже закончилась" in client.post(url, {"ends_on": day(-1).isoformat()}).content.decode()


def test_post_page_adds_a_post(people, school, client_of) -> None:
    person = card(school, "Теслина Светлана Николаевна", "")
    data = {"title": " учитель   химии ", "is_main": "on", "starts_on": day(0).isoformat()}
    more = {"subjects": "химия", "department": "кафедра естественных наук", "load": "1,25"}
    assert client_of(people.curator).post(reverse("post_new", args=[person.pk]), {**data, **more}).status_code == 302
    post = Post.objects.get()
    assert (post.title, post.department, post.load) == ("учитель химии", "кафедра естественных наук", Decimal("1.25"))
    html = client_of(people.curator).get(reverse("participant_detail", args=[person.pk])).content.decode()
    assert "химия; кафедра естественных наук; 1,25 ставки; с " in html


def test_post_services_ask_the_table(people, school) -> None:
    person = card(school, "Теслина Светлана Николаевна", "учитель химии")
    for actor in (people.director, people.stranger, people.teacher):
        with pytest.raises(Forbidden, match="куратор"):
            add_post(participant=person, actor=actor, title="учитель", starts_on=day(0))
        with pytest.raises(Forbidden, match="куратор"):
            end_post(post=person.posts.get(), actor=actor, ends_on=day(0))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"title": ""}, "Обязательное поле."),
        ({"title": "д" * 201}, "не более 200 символов"),
        ({"load": "0"}, "0.01"),
        ({"load": "4"}, "3"),
        ({"load": "много"}, "Введите число."),
        ({"starts_on": "0001-01-01"}, "Проверьте год."),
        ({"starts_on": "вчера"}, "Введите правильную дату."),
    ],
)
def test_bad_post_is_explained(people, school, client_of, more: dict, words: str) -> None:
    person = card(school, "Теслина Светлана Николаевна", "")
    data = {"title": "учитель", "starts_on": day(0).isoformat(), **more}
    response = client_of(people.curator).post(reverse("post_new", args=[person.pk]), data)
    assert (response.status_code, words in response.content.decode(), Post.objects.count()) == (200, True, 0)


def test_post_in_another_organisation_is_words_and_never_the_main_one(people, school, client_of) -> None:
    person = card(school, "Теслина Светлана Николаевна", "учитель химии")
    data = {"title": "методист", "is_main": "on", "starts_on": day(0).isoformat(), "workplace": "Лицей № 3"}
    client_of(people.curator).post(reverse("post_new", args=[person.pk]), data)
    assert list(person.posts.values_list("title", "is_main", "workplace")) == [
        ("учитель химии", True, ""),
        ("методист", False, "Лицей № 3"),
    ]
    html = client_of(people.curator).get(reverse("participant_detail", args=[person.pk])).content.decode()
    assert "методист — Лицей № 3" in html
    assert JournalEntry.objects.about(person)[0].text.endswith("методист, Лицей № 3.")


def test_the_same_person_has_a_card_in_each_school(people, school, other_school, client_of) -> None:
    """Every school answers for its own data: neither sees that the other one knows the person."""
    own = card(school, "Теслина Светлана Николаевна", user=people.teacher)
    alien = card(other_school, "Теслина Светлана Николаевна", "учитель Чужестрановых", user=people.teacher)
    assert client_of(people.curator).get(reverse("participant_detail", args=[alien.pk])).status_code == 404
    html = client_of(people.curator).get(reverse("participant_detail", args=[own.pk])).content.decode()
    assert "Чужестранов" not in html


def test_post_page_corrects_a_post_and_tells_the_history_of_the_person(people, school, client_of) -> None:
    person = card(school, "Теслина Светлана Николаевна", "учитель химии")
    second = Post.objects.create(participant=person, title="методист", is_main=False, starts_on=day(-30))
    data = {"title": "методист", "load": "0.5", "is_main": "on", "starts_on": day(-30).isoformat()}
    response = client_of(people.curator).post(reverse("post_edit", args=[second.pk]), data)
    assert (response.status_code, response["Location"]) == (302, f"/cabinet/participants/{person.pk}/")
    assert list(person.posts.values_list("title", "is_main")) == [("методист", True), ("учитель химии", False)]
    entry = JournalEntry.objects.about(person).get()
    assert (entry.event, entry.changes) == (
        "mentorship.post.change",
        [
            {"field": "Нагрузка, ставок", "old": "—", "new": "0.50"},
            {"field": "Основная", "old": "нет", "new": "да"},
        ],
    )


def test_post_cannot_begin_after_its_last_day(people, school, client_of) -> None:
    person = card(school, "Теслина Светлана Николаевна", "учитель химии")
    person.posts.update(ends_on=day(-10))
    data = {"title": "учитель химии", "starts_on": day(-5).isoformat()}
    response = client_of(people.curator).post(reverse("post_edit", args=[person.posts.get().pk]), data)
    assert "начаться позже она не могла" in response.content.decode()
    with pytest.raises(IntegrityError, match="post_period"), transaction.atomic():
        person.posts.update(starts_on=day(-5))


@pytest.mark.parametrize(
    ("load", "words"),
    [(None, ""), ("1", "1 ставка"), ("2.00", "2 ставки"), ("0.50", "0,5 ставки"), ("1.25", "1,25 ставки")],
)
def test_load_in_words(load: str | None, words: str) -> None:
    assert Post(load=None if load is None else Decimal(load)).load_words == words


@pytest.mark.parametrize(("who", "status"), [("curator", 200), ("director", 403), ("teacher", 403), ("stranger", 404)])
def test_pages_of_posts_ask_the_table(school, people, client_of, who: str, status: int) -> None:
    person = card(school, "Теслина Светлана Николаевна", "учитель химии")
    client, post = client_of(getattr(people, who)), person.posts.get()
    urls = [reverse("post_new", args=[person.pk]), *(reverse(one, args=[post.pk]) for one in ("post_edit", "post_end"))]
    assert {client.get(url).status_code for url in urls} == {status}
