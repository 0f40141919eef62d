"""Posts of a person: a new one, a correction, the last day; the section of the card."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.http import CabinetRequest
from accounts.permissions import may, requires
from core.transitions import Refused
from mentorship.forms.posts import EndPostForm, PostForm
from mentorship.models import Participant, Post
from mentorship.services.participants import CHANGE, add_post, change_post, end_post
from mentorship.views.card_parts import register_part
from mentorship.views.participants import card_crumbs


@requires(CHANGE, Participant)
def post_new(request: CabinetRequest, person: Participant) -> HttpResponse:
    form = PostForm(request.POST or None, instance=Post(participant=person))
    if request.method == "POST" and form.is_valid():
        add_post(participant=person, actor=request.user, **form.cleaned_data)
        messages.success(request, "Должность записана.")
        return redirect("participant_detail", person.pk)
    crumbs = [*card_crumbs(person.pk, person.full_name), ("Новая должность", "")]
    return render(request, "mentorship/post_new.html", {"form": form, "person": person, "crumbs": crumbs})


@requires(CHANGE, Post, related=("participant",))
def post_edit(request: CabinetRequest, post: Post) -> HttpResponse:
    person = post.participant
    form = PostForm(request.POST or None, instance=post)
    if request.method == "POST" and form.is_valid():
        change_post(form=form, actor=request.user)
        messages.success(request, "Должность исправлена.")
        return redirect("participant_detail", person.pk)
    crumbs = [*card_crumbs(person.pk, person.full_name), ("Изменить должность", "")]
    return render(request, "mentorship/post_edit.html", {"form": form, "person": person, "crumbs": crumbs})


@requires(CHANGE, Post, related=("participant",))
def post_end(request: CabinetRequest, post: Post) -> HttpResponse:
    form = EndPostForm(request.POST or None)
    person = post.participant
    if request.method == "POST" and form.is_valid():
        try:
            end_post(post=post, actor=request.user, ends_on=form.cleaned_data["ends_on"])
        except Refused as refusal:
            form.add_error("ends_on", refusal.obstacles)
        else:
            messages.success(request, "Последний день в должности записан.")
            return redirect("participant_detail", person.pk)
    crumbs = [*card_crumbs(person.pk, person.full_name), ("Закончить должность", "")]
    return render(request, "mentorship/post_end.html", {"form": form, "post": post, "person": person, "crumbs": crumbs})


def posts_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """The posts of the person, present and past; a pupil has none and needs no section."""
    posts, may_change = list(person.posts.all()), may(request.user, CHANGE, person)
    if not posts and (person.is_pupil or not may_change):
        return None
    return {"person": person, "posts": posts, "may_change": may_change}


register_part("mentorship/includes/card_posts.html", posts_part, 25)
