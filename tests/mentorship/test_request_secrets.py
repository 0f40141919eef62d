"""Confidential requests: who reads them, and that no page, file, letter or line of the history tells of them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Letter, Membership
from core.models import JournalEntry
from mentorship.models import Pair, PairRequest, RequestKind
from mentorship.models import requests as request_models
from mentorship.models.requests import State
from tests.mentorship.asking import ask, request_in, with_logins
from tests.mentorship.builders import day

Kind = RequestKind
LIST = "/cabinet/requests/"
SECRET = "тайна-о-ссоре"


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    return with_logins(pair, people)


def url(request: PairRequest, step: str = "") -> str:
    return reverse("request_step", args=[request.pk, step]) if step else reverse("request_detail", args=[request.pk])


READERS = ("director", "curator", "inspector", "psychologist", "methodical_union", "department_head", "site_editor")
READERS = (*READERS, "class_teacher", "teacher", "accountant", "municipal", "stranger")


def seen_by(request: PairRequest, people, client_of) -> list[str]:
    """Who reads the page of the request."""
    return [who for who in READERS if client_of(getattr(people, who)).get(url(request)).status_code == 200]


def places(people, working: Pair, who: str) -> list[str]:
    """Where words of a request could turn up."""
    return [
        LIST,
        f"{LIST}?q={working.mentor.surname}",
        "/cabinet/",
        "/cabinet/journal/",
        f"/cabinet/pairs/{working.pk}/",
        f"/cabinet/participants/{working.mentor_id}/",
        f"/cabinet/participants/{working.mentees[0].pk}/",
        "/cabinet/participants/export.xlsx",
        "/cabinet/pairs/export.xlsx",
        "/cabinet/letters/",
    ]


def words_shown(people, client_of, working: Pair, who: str) -> str:
    client = client_of(getattr(people, who))
    pages = [client.get(path) for path in places(people, working, who)]
    return "".join(page.content.decode("utf-8", "ignore") for page in pages if not page.streaming)


@pytest.mark.parametrize(
    ("kind", "readers"),
    [
        (Kind.MEDIATION, ["curator", "teacher"]),
        (Kind.DISCIPLINE, ["director", "curator", "teacher"]),
        (Kind.HELP, ["director", "curator", "teacher"]),
    ],
)
def test_who_reads_each_kind(kind: str, readers: list[str], working, people, client_of) -> None:
    assert seen_by(ask(working, kind), people, client_of) == readers


def test_named_mediator_reads_and_another_does_not(working, people, client_of) -> None:
    request = request_in(working, people, State.MEDIATION, Kind.MEDIATION)
    assert seen_by(request, people, client_of) == ["curator", "psychologist", "teacher"]


@pytest.mark.parametrize("kind", [Kind.MEDIATION, Kind.DISCIPLINE])
def test_subject_does_not_read_it_whatever_the_role(kind: str, working, people, client_of) -> None:
    """The mentee of the pair is a curator too: the own case stays closed, also in the list and by the way of steps."""
    Membership.objects.create(
        user=people.accountant, organisation=working.organisation, role="curator", starts_on=day(-9)
    )
    request = ask(working, kind, text=SECRET)
    client = client_of(people.accountant)
    assert client.get(url(request)).status_code == 404
    assert client.get(url(request, "decline")).status_code == 404
    assert client.get(LIST).context["rows"] == []
    assert not Letter.objects.filter(user=people.accountant).exists()
    # The same reader sees what is not confidential: it is the kind that closes it.
    PairRequest.objects.update(kind=Kind.REWARD)
    assert client.get(url(request)).status_code == 200


@pytest.mark.parametrize(("kind", "hidden"), [(Kind.MEDIATION, "посредни"), (Kind.DISCIPLINE, "дисциплин")])
def test_confidential_words_leak_nowhere(kind: str, hidden: str, working, people, client_of) -> None:
    state = State.MEDIATION if kind == Kind.MEDIATION else State.SUBMITTED
    request = request_in(working, people, state, kind)
    PairRequest.objects.update(text=SECRET, answer=SECRET, opinion=SECRET)
    outsiders = ["inspector", "methodical_union", "class_teacher", "accountant", "site_editor"]
    outsiders += ["director"] if kind == Kind.MEDIATION else ["psychologist"]
    assert [who for who in outsiders if SECRET in words_shown(people, client_of, working, who)] == []
    entries = JournalEntry.objects.about(request)
    told = [f"{one.text} {one.subject_text} {one.changes} {one.event}" for one in entries]
    assert [word for word in told if hidden in word.lower() or working.mentees[0].surname in word] == []
    letters = [f"{one.subject} {one.body}" for one in Letter.objects.all()]
    assert [word for word in letters if SECRET in word or hidden in word.lower()] == []


def test_the_same_words_would_leak_if_the_kinds_were_not_confidential(working, people, client_of, monkeypatch) -> None:
    """The counter-test: without the rule the director reads the quarrel in the list."""
    ask(working, Kind.MEDIATION, text=SECRET)
    assert SECRET not in words_shown(people, client_of, working, "director")
    monkeypatch.setattr(request_models, "RESTRICTED", ())
    monkeypatch.setattr(request_models, "NOT_FOR_DIRECTOR", ())
    assert SECRET in words_shown(people, client_of, working, "director")


def test_admin_lists_requests_without_their_words(working, people, school, client_of) -> None:
    """An administrator reads none; one who is a curator too sees the list, but no words."""
    request = ask(working, Kind.DISCIPLINE, text=SECRET)
    Membership.objects.create(user=people.admin, organisation=school, role="administrator", starts_on=day(-9))
    client = client_of(people.admin)
    assert client.get("/admin/mentorship/pairrequest/").status_code == 403
    assert client.get("/admin/mentorship/supportrecord/").status_code == 404
    Membership.objects.create(user=people.admin, organisation=school, role="curator", starts_on=day(-9))
    client = client_of(people.admin)
    page = client.get(f"/admin/mentorship/pairrequest/{request.pk}/change/").content.decode()
    assert (SECRET in page, client.get("/admin/mentorship/pairrequest/").status_code) == (False, 200)
    assert client.post(f"/admin/mentorship/pairrequest/{request.pk}/change/", {"state": "done"}).status_code == 403
