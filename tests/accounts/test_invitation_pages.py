"""Pages of those who have not come in yet: the list, the codes shown once, the printed slips."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.permissions import Role
from accounts.services.passwords import OF_POWER
from core.models import JournalEntry
from tests.accounts.invited import newcomer, slip

pytestmark = pytest.mark.django_db
LIST, ISSUE, SLIPS = (
    "/cabinet/users/invitations/",
    "/cabinet/users/invitations/issue/",
    "/cabinet/users/invitations/slips/",
)


@pytest.fixture
def cast_came(people) -> None:
    """Only those made by the test have never signed in."""
    User.objects.update(last_login=timezone.now())


def names(page) -> list[str]:
    return [row["person"].full_name for row in page.context["rows"]]


# --- The list -------------------------------------------------------------------------------------------------------
@pytest.fixture
def waiting(cast_came, people, school, other_school) -> dict[str, User]:
    """One of each state, and somebody of the other school."""
    found = {name: newcomer(school, name) for name in ("Белова Без", "Годная Ия", "Истёкшая Ия")}
    slip(found["Годная Ия"], people.curator)
    old = slip(found["Истёкшая Ия"], people.curator)
    past = timezone.now() - dt.timedelta(days=1)
    Invitation.objects.filter(pk=old.invitation.pk).update(expires_at=past)
    newcomer(other_school, "Чужестранова Новая")
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Белова Без", "Годная Ия", "Истёкшая Ия"]),
        ("q=истекшая", ["Истёкшая Ия"]),
        ("state=without", ["Белова Без"]),
        ("state=open", ["Годная Ия"]),
        ("state=expired", ["Истёкшая Ия"]),
        ("state=nonsense&page=x&organisation=0", ["Белова Без", "Годная Ия", "Истёкшая Ия"]),
        ("q=чужестранова", []),
    ],
)
def test_list_has_those_who_never_came_by_the_state_of_their_slips(client_of, people, waiting, query, expected):
    assert names(client_of(people.curator).get(f"{LIST}?{query}")) == expected


def test_list_says_what_became_of_each_slip(client_of, people, waiting):
    words = [row["word"] for row in client_of(people.curator).get(LIST).context["rows"]]
    until = [f"{timezone.localtime(one.expires_at):%d.%m.%Y}" for one in Invitation.objects.order_by("pk")]
    assert words == ["не выдан", f"годится до {until[0]}", f"истёк {until[1]}"]


def test_list_of_the_administrator_is_filtered_by_school(client_of, people, waiting, other_school):
    client = client_of(people.admin)
    assert len(names(client.get(LIST))) == 4
    assert names(client.get(f"{LIST}?organisation={other_school.pk}")) == ["Чужестранова Новая"]


def test_list_has_no_box_for_whom_the_curator_may_not_invite(client_of, people, school, cast_came):
    head = newcomer(school, "Главный Ян", role=Role.DIRECTOR)
    page = client_of(people.curator).get(LIST)
    assert page.context["rows"][0]["obstacles"] == [OF_POWER]
    assert f'name="person" value="{head.pk}"' not in page.content.decode()
    assert f'name="person" value="{head.pk}"' in client_of(people.admin).get(LIST).content.decode()


def test_list_costs_the_same_for_one_person_and_for_three(client_of, people, school, cast_came, queries):
    client = client_of(people.curator)
    slip(newcomer(school), people.curator)
    one = queries(client, LIST)
    slip(newcomer(school), people.curator)
    newcomer(school, role=Role.DIRECTOR)
    assert (one, queries(client, LIST)) == (15, 15)


def test_empty_list_says_so(client_of, people, cast_came):
    assert "Все уже входили" in client_of(people.curator).get(LIST).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("curator", 200), ("admin", 200), ("director", 403), ("teacher", 403), ("municipal", 403)]
)
def test_list_is_for_those_of_the_table(client_of, people, who, status):
    client = client_of(getattr(people, who))
    assert client.get(LIST).status_code == status
    for url in (ISSUE, SLIPS):
        assert client.post(url).status_code == (302 if status == 200 else 403)
        assert client.get(url).status_code == 405


def test_all_boxes_are_ticked_without_a_script(client_of, people, waiting):
    client = client_of(people.curator)
    assert client.get(LIST).content.decode().count(" checked") == 0
    assert client.get(f"{LIST}?chosen=all").content.decode().count(" checked") == 3


# --- Issuing and printing -------------------------------------------------------------------------------------------
def test_codes_are_shown_once_and_printed_from_the_same_page(client_of, people, waiting):
    client = client_of(people.curator)
    page = client.post(ISSUE, {"person": [one.pk for one in waiting.values()]})
    issued = page.context["issued"]
    assert [one.invitation.user.full_name for one in issued] == ["Белова Без", "Годная Ия", "Истёкшая Ия"]
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert [one.spoken in page.content.decode() for one in issued] == [True] * 3
    assert issued[0].spoken not in client.get(LIST).content.decode()
    paper = client.post(SLIPS, {"code": [one.spoken for one in issued]})
    assert (paper["Content-Type"], paper["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert b"".join(paper)[:5] == b"%PDF-"


def test_printing_changes_nothing(client_of, people, waiting):
    client = client_of(people.curator)
    issued = client.post(ISSUE, {"person": [waiting["Белова Без"].pk]}).context["issued"]
    before = JournalEntry.objects.count()
    client.post(SLIPS, {"code": issued[0].spoken})
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize("chosen", [[], ["x"], ["999999999"], ["9" * 40]])
def test_nobody_chosen_is_said_in_words(client_of, people, waiting, chosen):
    page = client_of(people.curator).post(ISSUE, {"person": chosen}, follow=True)
    assert "Никто не выбран" in page.content.decode()


def test_people_of_another_school_are_nobody(client_of, people, waiting):
    stranger = User.objects.get(full_name="Чужестранова Новая")
    client_of(people.curator).post(ISSUE, {"person": stranger.pk})
    assert not Invitation.objects.filter(user=stranger).exists()


def test_refusal_of_a_stale_page_is_shown_on_the_list(client_of, people, waiting):
    User.objects.filter(pk=waiting["Белова Без"].pk).update(last_login=timezone.now())
    page = client_of(people.curator).post(ISSUE, {"person": waiting["Белова Без"].pk}, follow=True)
    assert "Белова Без: Уже входит в портал." in page.content.decode()


def test_codes_that_are_no_longer_good_are_not_printed(client_of, people, waiting):
    page = client_of(people.curator).post(SLIPS, {"code": ["aaaa-bbbb-cccc", ""]}, follow=True)
    assert "Эти коды уже не действуют" in page.content.decode()


def test_lost_slip_is_called_back_from_the_list(client_of, people, waiting):
    invitation = Invitation.objects.get(user=waiting["Годная Ия"])
    url = reverse("invitation_cancel", args=[invitation.pk])
    assert client_of(people.stranger).post(url).status_code == 404
    assert client_of(people.teacher).post(url).status_code == 403
    client = client_of(people.curator)
    assert client.get(url).status_code == 405
    assert "Листок отменён: Годная Ия" in client.post(url, follow=True).content.decode()
    assert "уже использовано или отменено" in client.post(url, follow=True).content.decode()


def test_page_of_a_user_offers_a_slip_until_the_first_sign_in(client_of, people, waiting):
    client = client_of(people.curator)
    url = reverse("user_edit", args=[waiting["Белова Без"].pk])
    assert "Выдать листок с кодом" in client.get(url).content.decode()
    User.objects.update(last_login=timezone.now())
    assert "Выдать листок с кодом" not in client.get(url).content.decode()


def test_administration_shows_invitations_and_changes_none(client_of, people, waiting):
    client = client_of(people.admin)
    invitation = Invitation.objects.first()
    page = client.get("/admin/accounts/invitation/")
    assert (page.status_code, client.get("/admin/accounts/invitation/add/").status_code) == (200, 403)
    change = client.get(f"/admin/accounts/invitation/{invitation.pk}/change/")
    assert change.status_code == 200
    assert invitation.code_hash not in change.content.decode()
    assert client.post(f"/admin/accounts/invitation/{invitation.pk}/change/", {}).status_code == 403
