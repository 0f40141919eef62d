"""People of the organisation, their sign-in and their roles."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.forms.people import MembershipForm, NewPersonForm, PeopleFilter, PersonForm, RoleEndForm
from accounts.http import CabinetRequest
from accounts.models import Membership, Organisation, User
from accounts.permissions import holds, may, permit, requires, today
from accounts.services.people import create_user, end_role, give_role
from core.journal import save_form
from core.models import JournalEntry
from core.paging import page_of
from core.transitions import Refused

VIEW, CHANGE = "accounts.user.view", "accounts.user.change"
ADD, ROLES, PASSWORD = "accounts.user.add", "accounts.membership.change", "accounts.user.password"  # noqa: S105
INVITE = "accounts.invitation.issue"


@requires(VIEW)
def user_list(request: CabinetRequest) -> HttpResponse:
    """Everybody with a role in the organisations that the reader looks after."""
    organisations = Organisation.objects.permitted(request.user, VIEW)
    form = PeopleFilter(request.GET, organisations=organisations)
    people = found_people(request.user, organisations, form.cleaned_data if form.is_valid() else {})
    context = {
        "form": form,
        "page_obj": page_of(request, people),
        "several": "organisation" in form.fields,
        "may_add": may(request.user, ADD, request.organisation),
        "may_invite": holds(request.user, INVITE),
        "crumbs": [("Дела", reverse("home")), ("Пользователи", "")],
    }
    return render(request, "accounts/user_list.html", context)


def found_people(user: User, organisations: QuerySet[Organisation], wanted: dict[str, Any]) -> QuerySet[User]:
    """The permitted people that the filter leaves, by name, with their roles of today."""
    within = [wanted["organisation"]] if wanted.get("organisation") else organisations
    people = User.objects.permitted(user, VIEW).found(wanted.get("q", ""))
    if wanted.get("state") == "former":
        return people.exclude(pk__in=User.objects.of(organisations)).with_roles(organisations).by_name()
    return people.of(within, wanted.get("role", "")).with_roles(organisations).by_name()


@requires(ADD)
def user_new(request: CabinetRequest) -> HttpResponse:
    """Add a person to the current organisation; the next page gives out the first password."""
    organisation = request.organisation
    permit(request.user, ADD, organisation)
    form = NewPersonForm(request.POST or None, gives_roles=may(request.user, ROLES, organisation))
    if request.method == "POST" and form.is_valid():
        try:
            person = create_user(organisation=organisation, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, f"Добавлен пользователь: {person.full_name}. Выдайте пароль для первого входа.")
            return redirect("password_issue", person.pk)
    crumbs = [("Пользователи", reverse("user_list")), ("Новый пользователь", "")]
    return render(request, "accounts/user_new.html", {"form": form, "crumbs": crumbs})


@requires(CHANGE, User)
def user_edit(request: CabinetRequest, person: User) -> HttpResponse:
    """Name and sign-in of a person, the roles and the history."""
    form = PersonForm(request.POST or None, instance=person)
    form.actor = request.user
    if request.method == "POST" and form.is_valid():
        save_form(form, actor=request.user, event=CHANGE, text="Изменены сведения о пользователе.")
        messages.success(request, "Сохранено.")
        return redirect("user_edit", person.pk)
    stored = User.objects.get(pk=person.pk)
    memberships = person.memberships.select_related("organisation").flag(request.user, ROLES).order_by("-starts_on")
    context = {
        "form": form,
        "person": stored,
        "memberships": memberships.permitted(request.user, CHANGE),
        "day": today(),
        "may_give": may(request.user, ROLES, stored),
        "may_issue": stored != request.user and may(request.user, PASSWORD, stored),
        "may_invite": stored.last_login is None and may(request.user, INVITE, stored),
        "history": JournalEntry.objects.about(stored)[:20],
        "crumbs": [("Пользователи", reverse("user_list")), (stored.full_name, "")],
    }
    return render(request, "accounts/user_edit.html", context)


@requires(ROLES, User)
def membership_new(request: CabinetRequest, person: User) -> HttpResponse:
    """Give a role."""
    organisations = Organisation.objects.permitted(request.user, ROLES)
    form = MembershipForm(
        request.POST or None,
        person=person,
        organisations=organisations,
        initial={"organisation": request.organisation.pk},
    )
    if request.method == "POST" and form.is_valid():
        try:
            give_role(person=person, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Роль дана. Она действует с указанного дня.")
            return redirect("user_edit", person.pk)
    crumbs = [
        ("Пользователи", reverse("user_list")),
        (person.full_name, reverse("user_edit", args=[person.pk])),
        ("Новая роль", ""),
    ]
    return render(request, "accounts/membership_new.html", {"form": form, "person": person, "crumbs": crumbs})


@requires(ROLES, Membership, related=("user", "organisation"))
def membership_end(request: CabinetRequest, membership: Membership) -> HttpResponse:
    """Set the last day of a role."""
    person = membership.user
    form = RoleEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_role(membership=membership, ends_on=form.cleaned_data["ends_on"], actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Последний день роли записан.")
            return redirect("user_edit", person.pk)
    crumbs = [
        ("Пользователи", reverse("user_list")),
        (person.full_name, reverse("user_edit", args=[person.pk])),
        ("Окончание роли", ""),
    ]
    context = {"form": form, "membership": membership, "person": person, "crumbs": crumbs}
    return render(request, "accounts/membership_end.html", context)
