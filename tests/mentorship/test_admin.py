"""The administration of this app: looked at by the table, pairs and consents never written."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Membership
from mentorship.models import Achievement, ConsentKind, Course, DictionaryEntry, Pair, Participant, PastName
from tests.mentorship.builders import agree, card, day


@pytest.fixture
def admin(people, school, client_of) -> Client:
    """An administrator of the town who administers this school too."""
    Membership.objects.create(user=people.admin, organisation=school, role="administrator")
    return client_of(people.admin)


def test_lists_open_and_hold_only_the_own_school(admin: Client, pair: Pair, other_school, canary) -> None:
    card(other_school, "Чужестранов Фома Игоревич")
    alien = Participant.objects.get(surname="Чужестранов")
    Course.objects.create(participant=alien, title="Канарейкин курс", ended_on=day(-9))
    Achievement.objects.create(
        participant=alien, title="Канарейкин кубок", kind="award", level="school", held_on=day(-9)
    )
    PastName.objects.create(participant=alien, surname="Канарейкин", given_name="Фома")
    names = ("participant", "post", "pair", "dictionaryentry", "course", "achievement", "pastname")
    names += ("extension", "pairhelper", "pairpause", "substitution")
    for name in names:
        response = admin.get(f"/admin/mentorship/{name}/")
        html = response.content.decode()
        assert (response.status_code, [word for word in canary if word in html]) == (200, [])


def test_pairs_consents_and_cards_are_not_written_there(admin: Client, pair: Pair, people) -> None:
    consent = agree(pair.mentor, ConsentKind.PROCESSING, people.curator)
    pages = [
        f"/admin/mentorship/{name}/{what}"
        for name, what in (
            ("pair", "add/"),
            ("consent", "add/"),
            ("participant", "add/"),
            ("post", "add/"),
            ("pair", f"{pair.pk}/delete/"),
            ("consent", f"{consent.pk}/delete/"),
            ("participant", f"{pair.mentor_id}/delete/"),
        )
    ]
    assert {admin.post(url, {"state": "active"}).status_code for url in pages} == {403}
    admin.post(f"/admin/mentorship/pair/{pair.pk}/change/", {"state": "active", "mentor": pair.mentor_id})
    pair.refresh_from_db()
    assert pair.state == "forming"


def test_town_administrator_alone_sees_no_people(people, pair: Pair, client_of) -> None:
    html = client_of(people.admin).get("/admin/mentorship/participant/").content.decode()
    assert "Верескова" not in html
    assert Participant.objects.filter(surname="Верескова").exists()


def test_dictionary_is_extended_and_renamed(admin: Client, reference, school, journal_count) -> None:
    before = journal_count()
    data = {"dictionary": "direction", "title": "работа в сельской школе", "position": "5", "is_active": "on"}
    assert admin.post("/admin/mentorship/dictionaryentry/add/", {**data, "organisation": school.pk}).status_code == 302
    added = DictionaryEntry.objects.get(title="работа в сельской школе")
    assert (added.organisation, added.code, journal_count() - before) == (school, "", 1)
    renamed = {**data, "title": "сельская школа", "organisation": school.pk}
    assert admin.post(f"/admin/mentorship/dictionaryentry/{added.pk}/change/", renamed).status_code == 302
    added.refresh_from_db()
    assert added.title == "сельская школа"


@pytest.mark.parametrize("who", ["curator", "director", "teacher", "stranger"])
def test_nobody_else_enters(people, pair: Pair, client_of, who: str) -> None:
    assert client_of(getattr(people, who)).get("/admin/mentorship/pair/", follow=True).status_code == 403
