"""The dictionaries: common words to look at, a school's own words to add, rename, switch off or delete."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.models import Organisation, User
from accounts.permissions import holds, permit, requires
from core.transitions import Refused
from mentorship.forms.dictionaries import WordForm
from mentorship.models import DictionaryEntry
from mentorship.services.dictionaries import CHANGE, add_word, change_word, delete_word

Dictionary = DictionaryEntry.Dictionary
OWN_POSITION = 1000


@dataclass(frozen=True)
class Shelf:
    """One dictionary with its words."""

    code: str
    title: str
    words: list[DictionaryEntry]


@requires("mentorship.dictionary.view")
def dictionary_list(request: CabinetRequest) -> HttpResponse:
    words = list(DictionaryEntry.objects.of(owner_of(request.organisation)).flag(request.user, CHANGE))
    shelves = [Shelf(one.value, one.label, [word for word in words if word.dictionary == one]) for one in Dictionary]
    context = {
        "shelves": shelves,
        "may_add": holds(request.user, CHANGE),
        "crumbs": [*banks_crumb(request.user), ("Словари", "")],
    }
    return render(request, "mentorship/dictionary_list.html", context)


def owner_of(organisation: Organisation) -> Organisation | None:
    """Whose word a new one is: a school's own; whoever works above the schools keeps the common ones."""
    return None if organisation.is_municipality else organisation


@requires(CHANGE)
def dictionary_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    wanted = request.GET.get("dictionary", "")
    dictionary = Dictionary(wanted) if wanted in Dictionary.values else Dictionary.COMPETENCE
    word = DictionaryEntry(organisation=owner_of(request.organisation), dictionary=dictionary, position=OWN_POSITION)
    form = WordForm(request.POST or None, instance=word)
    if request.method == "POST" and form.is_valid():
        add_word(form=form, organisation=request.organisation, actor=request.user)
        messages.success(request, f"Слово «{word}» добавлено: его уже можно выбирать.")
        return redirect(shelf_url(dictionary))
    context = {"form": form, "word": word, "crumbs": [*list_crumbs(request.user), ("Новое слово", "")]}
    return render(request, "mentorship/dictionary_new.html", context)


@requires(CHANGE, DictionaryEntry)
def dictionary_edit(request: CabinetRequest, word: DictionaryEntry) -> HttpResponse:
    form = WordForm(request.POST or None, instance=word)
    if request.method == "POST" and form.is_valid():
        change_word(form=form, actor=request.user)
        messages.success(request, "Слово сохранено.")
        return redirect(shelf_url(word.dictionary))
    context = {
        "form": form,
        "word": word,
        "faults": word.deletion_faults(),
        "crumbs": [*list_crumbs(request.user), (word.title, "")],
    }
    return render(request, "mentorship/dictionary_edit.html", context)


@requires(CHANGE, DictionaryEntry)
def dictionary_delete(request: CabinetRequest, word: DictionaryEntry) -> HttpResponse:
    if request.method == "POST":
        try:
            delete_word(word=word, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("dictionary_edit", word.pk)
        messages.success(request, f"Слово «{word}» удалено.")
        return redirect(shelf_url(word.dictionary))
    crumbs = [*list_crumbs(request.user), (word.title, reverse("dictionary_edit", args=[word.pk])), ("Удалить", "")]
    return render(request, "mentorship/dictionary_delete.html", {"word": word, "crumbs": crumbs})


def shelf_url(dictionary: str) -> str:
    return f"{reverse('dictionary_list')}#{dictionary}"


def list_crumbs(user: User) -> list[tuple[str, str]]:
    return [*banks_crumb(user), ("Словари", reverse("dictionary_list"))]


def banks_crumb(user: User) -> list[tuple[str, str]]:
    """The way back to the banks, for whoever may open them."""
    return [("Банки", reverse("bank_list"))] if holds(user, "mentorship.bank.view") else []
