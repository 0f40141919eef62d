"""Leaving a school and coming back: what ends, what stays, which orders are needed, before it is written down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import requires, today
from core.russian import plural
from core.transitions import Refused
from mentorship.forms.histories import LeaveForm
from mentorship.models import PURPOSES, BankCard, ConsentKind, ConsentRequest, Pair, Participant, Post
from mentorship.models.needs import sentence
from mentorship.services.departures import Departure, departure_of, leave, take_back
from mentorship.services.participants import CHANGE
from mentorship.views.participants import card_crumbs

STAYS = (
    "Карточка и история: человек перейдёт в список выбывших.",
    "Согласия: записи и сканы не меняются, отозвать их можно и потом.",
    "Приказы: утверждённые остаются как есть.",
)


@dataclass(frozen=True)
class Task:
    """What somebody has to decide afterwards, with the page where it is done."""

    text: str
    url: str = ""
    label: str = "Открыть"


@requires(CHANGE, Participant, related=("user", "organisation"))
def participant_leave(request: CabinetRequest, person: Participant) -> HttpResponse:
    if person.left_on:
        messages.error(request, f"Выбытие уже записано: {person.left_on:%d.%m.%Y}.")
        return redirect("participant_detail", person.pk)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day, reason = form.cleaned_data["left_on"], form.cleaned_data["left_reason"]
        try:
            departure = leave(participant=person, left_on=day, reason=reason, actor=request.user)
        except Refused as refusal:
            form.add_error("left_on", refusal.obstacles)
        else:
            return after_leaving(request, person, departure)
    departure = departure_of(person, chosen_day(form))
    context = {
        "form": form,
        "person": person,
        "ends": ends_of(departure),
        "stays": STAYS,
        "tasks": tasks_of(departure),
        "crumbs": [*card_crumbs(person.pk, person.full_name), ("Выбытие", "")],
    }
    return render(request, "mentorship/participant_leave.html", context)


def chosen_day(form: LeaveForm) -> dt.date:
    """The day that has been typed, where it can be read: what ends depends on it."""
    return (form.cleaned_data.get("left_on") if form.is_bound else None) or today()


def after_leaving(request: CabinetRequest, person: Participant, departure: Departure) -> HttpResponse:
    messages.success(request, f"Выбытие записано: последний день — {person.left_on:%d.%m.%Y}.")
    for task in tasks_of(departure):
        messages.warning(request, task.text)
    return redirect("participant_detail", person.pk)


def ends_of(departure: Departure) -> list[str]:
    """Sentences about what ends with the last day."""
    found = [post_words(post) for post in departure.posts]
    found += [sentence(f"Пара не состоится: {pair.title}") for pair in departure.pairs]
    found += [f"В архив уйдёт карточка банка «{card.get_role_display()}»." for card in departure.cards]
    found += [f"Собеседование {one.planned_for:%d.%m.%Y} будет отменено." for one in departure.interviews]
    found += [request_words(one) for one in departure.requests]
    return found + [f"Роль в портале закончится: «{one.get_role_display()}»." for one in departure.roles]


def post_words(post: Post) -> str:
    return f"Должность закончится: {post.title}."


def request_words(request: ConsentRequest) -> str:
    return f"Запрос согласия будет снят: {PURPOSES[ConsentKind(request.kind)]}."


def tasks_of(departure: Departure) -> list[Task]:
    """What is left to decide, the orders first."""
    tasks = [order_task(pair) for pair in departure.active]
    tasks += [held_task(pair) for pair in departure.held]
    tasks += [card_task(card) for card in departure.kept_cards]
    if departure.pupils:
        count = plural(departure.pupils, "обучающийся", "обучающихся", "обучающихся")
        tasks.append(Task(f"Без классного руководителя: {count}. Назначьте другого на их карточках."))
    if departure.kept_roles:
        roles = ", ".join(f"«{one.get_role_display()}»" for one in departure.kept_roles)
        tasks.append(Task(f"Роли закончит администратор портала: {roles}. Сообщите ему."))
    return tasks


def order_task(pair: Pair) -> Task:
    words = sentence(f"Нужен приказ о прекращении пары или замене участника: {pair.title}")
    return Task(words, reverse("pair_detail", args=[pair.pk]), "Открыть пару")


def held_task(pair: Pair) -> Task:
    """A pair being formed that cannot be given up at once: an order speaks of it, or others still need a mentor."""
    what = "Уберите из проекта приказа пару" if pair.order else "Уберите человека из группы"
    return Task(sentence(f"{what}: {pair.title}"), reverse("pair_detail", args=[pair.pk]), "Открыть пару")


def card_task(card: BankCard) -> Task:
    words = f"Карточка банка «{card.get_role_display()}» останется, пока не завершена пара: потом уберите её в архив."
    return Task(words, reverse("bank_detail", args=[card.pk]), "Открыть карточку")


@requires(CHANGE, Participant)
def participant_return(request: CabinetRequest, person: Participant) -> HttpResponse:
    if request.method == "POST":
        try:
            take_back(participant=person, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Возвращение записано. Добавьте должность и проверьте согласия.")
        return redirect("participant_detail", person.pk)
    crumbs = [*card_crumbs(person.pk, person.full_name), ("Возвращение", "")]
    context: dict[str, Any] = {"person": person, "crumbs": crumbs}
    return render(request, "mentorship/participant_return.html", context)
