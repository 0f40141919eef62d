"""Participants come into the portal: a login from the card, a slip, and who may give one to whom."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Membership, Organisation, Partner, User
from accounts.permissions import Forbidden, Role, today
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import Category, Participant
from mentorship.services import invitations
from mentorship.services.invitations import invite_participants, to_invite
from tests.mentorship.builders import card, day, grown_on

LIST, INVITE = "/cabinet/participants/invite/", "/cabinet/participants/invite/slips/"


@pytest.fixture
def vereskova(school: Organisation, people, reference: None) -> Participant:
    return card(school, "Верескова Алла Петровна", "учитель математики")


def invite(*cards: Participant, actor: User):
    return invite_participants(people=cards, organisation=cards[0].organisation, actor=actor)


def names(page) -> list[str]:
    return [row["person"].surname for row in page.context["rows"]]


# --- The service ----------------------------------------------------------------------------------------------------
def test_invited_teacher_gets_a_login_the_role_and_a_slip(vereskova, people, school) -> None:
    (issued,) = invite(vereskova, actor=people.curator)
    vereskova.refresh_from_db()
    user = vereskova.user
    assert (user.username, user.full_name, user.email) == ("vereskova.ap", "Верескова Алла Петровна", "")
    assert (user.has_usable_password(), user.last_login, issued.invitation.user) == (False, None, user)
    assert list(user.memberships.values_list("organisation", "role")) == [(school.pk, Role.TEACHER)]
    texts = list(JournalEntry.objects.filter(scope=school.pk).order_by("pk").values_list("text", flat=True))
    until = timezone.localtime(issued.invitation.expires_at)
    assert texts == [
        "Добавлен пользователь, роль — педагог.",
        "Заведён логин для входа: Верескова Алла Петровна.",
        f"Выдано приглашение к первому входу, годится до {until:%d.%m.%Y}.",
    ]


@pytest.mark.parametrize(
    ("category", "roles"),
    [(Category.TEACHER, ["teacher"]), (Category.HEAD, ["teacher"]), (Category.STUDENT, []), (Category.EXTERNAL, [])],
)
def test_role_follows_from_the_card_and_no_other_is_given(people, school, category, roles) -> None:
    person = card(school, "Ольхина Ия Львовна", category=category)
    invite(person, actor=people.curator)
    person.refresh_from_db()
    assert list(person.user.memberships.values_list("role", flat=True)) == roles


def test_card_can_give_no_other_role(people, school, monkeypatch) -> None:
    """The right to give roles stays with the administrator even if the rule of the card were wrong."""
    monkeypatch.setattr(invitations, "role_for", lambda person: Role.DIRECTOR)
    with pytest.raises(Forbidden):
        invite(card(school, "Ольхина Ия Львовна"), actor=people.curator)
    assert not Membership.objects.filter(user__full_name="Ольхина Ия Львовна").exists()


def test_namesakes_get_different_logins(people, school) -> None:
    twins = [card(school, "Верескова Алла Петровна"), card(school, "Верескова Анна Павловна")]
    invite(*twins, actor=people.curator)
    assert sorted(User.objects.filter(participants__in=twins).values_list("username", flat=True)) == [
        "vereskova.ap",
        "vereskova.ap2",
    ]


def test_second_invitation_keeps_the_login_and_ends_the_first_slip(vereskova, people) -> None:
    first = invite(vereskova, actor=people.curator)[0].invitation.user
    vereskova.refresh_from_db()
    assert invite(vereskova, actor=people.curator)[0].invitation.user == first
    assert Invitation.objects.filter(cancelled_at=None).count() == 1


@pytest.mark.parametrize("who", ["director", "teacher", "inspector", "psychologist", "admin", "stranger"])
def test_invitations_are_given_by_the_curator_of_the_school(vereskova, people, who) -> None:
    with pytest.raises(Forbidden):
        invite(vereskova, actor=getattr(people, who))
    vereskova.refresh_from_db()
    assert vereskova.user is None


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"category": Category.PUPIL}, "только совершеннолетним"),
        ({"category": Category.PUPIL, "birth_date": grown_on(day(1))}, "только совершеннолетним"),
        ({"category": Category.STUDENT, "birth_date": grown_on(day(1))}, "только совершеннолетним"),
        ({"left_on": day(-1)}, "Человек выбыл"),
    ],
)
def test_minors_and_those_who_have_left_are_not_invited(people, school, more, sentence) -> None:
    person = card(school, "Малая Ия Львовна", **more)
    with pytest.raises(Refused, match=sentence):
        invite(person, actor=people.curator)
    assert list(to_invite(Participant.objects.all(), today())) == []
    assert not User.objects.filter(full_name="Малая Ия Львовна").exists()


@pytest.mark.parametrize(
    "more",
    [
        {"category": Category.PUPIL, "birth_date": grown_on(day(0))},
        {"category": Category.PUPIL, "birth_year": today().year - 19},
        {"category": Category.PUPIL, "birth_year": today().year - 18, "came_of_age": True},
        {"category": Category.EXTERNAL},
    ],
)
def test_grown_ups_of_any_category_are_invited(people, school, more) -> None:
    person = card(school, "Взрослая Ия Львовна", **more)
    assert list(to_invite(Participant.objects.all(), today())) == [person]
    assert len(invite(person, actor=people.curator)) == 1


def test_one_minor_stops_the_whole_pack(vereskova, people, school) -> None:
    with pytest.raises(Refused):
        invite(vereskova, card(school, "Малая Ия Львовна", category=Category.PUPIL), actor=people.curator)
    assert not Invitation.objects.exists()


def test_user_of_the_same_name_without_a_card_is_asked_about(people, school) -> None:
    """Ё and е, capitals and spaces make no difference."""
    User.objects.filter(pk=people.teacher.pk).update(full_name="Мёлова  Дарья Сергеевна")
    person = card(school, "Мелова Дарья Сергеевна")
    with pytest.raises(Refused, match="логин teacher"):
        invite(person, actor=people.curator)
    card(school, "Мелова Дарья Сергеевна", user=people.teacher)
    assert len(invite(person, actor=people.curator)) == 1


def test_slip_of_the_director_is_not_for_the_curator(people, school) -> None:
    User.objects.filter(pk=people.director.pk).update(last_login=None)
    with pytest.raises(Refused, match="меняет только администратор"):
        invite(card(school, "Громова Елена Павловна", user=people.director), actor=people.curator)


# --- Pages ----------------------------------------------------------------------------------------------------------
def test_list_has_grown_ups_without_a_login(people, school, other_school, vereskova, client_of) -> None:
    card(school, "Мелова Дарья Сергеевна", user=people.teacher)
    card(school, "Малая Ия Львовна", category=Category.PUPIL)
    card(school, "Ушедшая Ия Львовна", left_on=day(-1))
    card(school, "Гостев Ян Ильич", category=Category.EXTERNAL)
    card(other_school, "Чужестранова Ия Львовна")
    client = client_of(people.curator)
    assert names(client.get(LIST)) == ["Верескова", "Гостев"]
    assert names(client.get(f"{LIST}?q=верес")) == ["Верескова"]
    assert names(client.get(f"{LIST}?category=external&page=x")) == ["Гостев"]
    assert [(row["login"], row["role"]) for row in client.get(LIST).context["rows"]] == [
        ("vereskova.ap", "Педагог"),
        ("gostev.yi", ""),
    ]
    assert "Никто не подошёл" in client.get(f"{LIST}?q=нет").content.decode()


def test_list_costs_the_same_for_one_person_and_for_three(vereskova, people, school, client_of, queries) -> None:
    client = client_of(people.curator)
    one = queries(client, LIST)
    for name in ("Ольхина Ия Львовна", "Осокина Ия Львовна"):
        card(school, name)
    assert (one, queries(client, LIST)) == (10, 10)


@pytest.mark.parametrize(("who", "status"), [("director", 403), ("teacher", 403), ("admin", 403), ("curator", 200)])
def test_pages_are_for_the_curator(vereskova, people, client_of, who, status) -> None:
    client = client_of(getattr(people, who))
    assert client.get(LIST).status_code == status
    assert client.post(INVITE, {"person": vereskova.pk}).status_code == status
    assert client.get(INVITE).status_code == 405


def test_chosen_people_are_invited_and_their_codes_shown(vereskova, people, school, client_of) -> None:
    other = card(school, "Ольхина Ия Львовна")
    client = client_of(people.curator)
    page = client.post(INVITE, {"person": [vereskova.pk, other.pk]})
    issued = page.context["issued"]
    assert [one.invitation.user.username for one in issued] == ["vereskova.ap", "olkhina.il"]
    assert [one.spoken in page.content.decode() for one in issued] == [True, True]
    assert "no-store" in page["Cache-Control"]
    assert names(client.get(LIST)) == []


def test_card_of_another_school_is_nobody(vereskova, people, client_of) -> None:
    page = client_of(people.stranger).post(INVITE, {"person": vereskova.pk}, follow=True)
    assert "Никто не выбран" in page.content.decode()
    vereskova.refresh_from_db()
    assert vereskova.user is None


def test_refusal_is_shown_where_the_curator_came_from(people, school, client_of) -> None:
    minor = card(school, "Малая Ия Львовна", category=Category.PUPIL)
    client = client_of(people.curator)
    response = client.post(INVITE, {"person": minor.pk, "card": "1"})
    assert response["Location"] == reverse("participant_detail", args=[minor.pk])
    assert client.post(INVITE, {"person": minor.pk})["Location"] == LIST
    assert "только совершеннолетним" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("none", "Пригласить в портал"),
        ("new", "Выдать листок с кодом"),
        ("open", "Выдать новый листок"),
        ("came", "Выдать одноразовый пароль"),
        ("minor", "только совершеннолетним"),
    ],
)
def test_card_offers_what_fits_the_person(vereskova, people, client_of, state, words) -> None:
    if state in ("new", "open", "came"):
        invite(vereskova, actor=people.curator)
        vereskova.refresh_from_db()
    if state == "new":
        Invitation.objects.all().delete()
    if state == "came":
        User.objects.filter(pk=vereskova.user_id).update(last_login=timezone.now())
    if state == "minor":
        Participant.objects.update(category=Category.PUPIL)
    url = reverse("participant_detail", args=[vereskova.pk])
    assert words in client_of(people.curator).get(url).content.decode()
    assert 'id="sign-in"' not in client_of(people.director).get(url).content.decode()


# --- What is added to the pages of accounts -------------------------------------------------------------------------
def test_list_of_those_who_never_came_counts_people_without_a_login(vereskova, people, client_of) -> None:
    page = client_of(people.curator).get("/cabinet/users/invitations/").content.decode()
    assert "Без логина: 1 участник." in page
    assert LIST in page


def test_partner_shows_its_people_to_whoever_may_see_their_cards(people, school, other_school, client_of) -> None:
    partner = Partner.objects.create(organisation=school, title="Технопарк")
    card(school, "Ветров Кирилл Ильич", category=Category.EXTERNAL, partner=partner)
    card(school, "Бывший Ян Ильич", category=Category.EXTERNAL, partner=partner, left_on=day(-1))
    page = client_of(people.curator).get(reverse("partner_detail", args=[partner.pk])).content.decode()
    assert ("Ветров Кирилл Ильич" in page, "Бывший" in page) == (True, False)


def test_page_of_a_partner_costs_the_same_for_one_person_and_for_three(people, school, client_of, queries) -> None:
    partner = Partner.objects.create(organisation=school, title="Технопарк")
    url, client = reverse("partner_detail", args=[partner.pk]), client_of(people.curator)
    card(school, "Ветров Кирилл Ильич", category=Category.EXTERNAL, partner=partner)
    one = queries(client, url)
    for name in ("Ветров Иван Ильич", "Ветров Пётр Ильич"):
        card(school, name, category=Category.EXTERNAL, partner=partner)
    assert (one, queries(client, url)) == (13, 13)


def test_slip_outlives_the_year_but_not_two_weeks(vereskova, people) -> None:
    invitation = invite(vereskova, actor=people.curator)[0].invitation
    assert invitation.expires_at - invitation.created_at == dt.timedelta(14)
