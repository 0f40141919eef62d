"""Programmes in the open section: only what the curator shows, names by consent, results after they are summed up."""

from __future__ import annotations

from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from mentorship import public as mentorship_public
from mentorship.models import ConsentKind, Pair, PairState, Programme, ProgrammeState
from mentorship.services.programmes import publish_programme
from orders.services.redaction import Redactor
from tests.mentorship.builders import agree, approved_order
from tests.mentorship.programmes.builders import approved, corrected, line

SECRET = "Верескова А. П. помогла Ольхину Борису Викторовичу"


@pytest.fixture
def working(section, pair: Pair, people) -> Pair:
    order = approved_order(pair.organisation, people, "пара")
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order)
    return Pair.objects.get(pk=pair.pk)


@pytest.fixture
def shown(working: Pair, people) -> Programme:
    """A published programme whose own words name its people."""
    programme = approved(working, people)
    version = programme.versions.get()
    version.content["title"] = f"Первый год: {SECRET}"
    version.save(update_fields=["content"])
    Programme.objects.filter(pk=programme.pk).update(results=f"Получилось. {SECRET}.", title="Черновое название")
    publish_programme(programme=programme, shown=True, actor=people.curator)
    return Programme.objects.get(pk=programme.pk)


def url(name: str, programme: Programme) -> str:
    return reverse(name, args=[programme.organisation.slug, programme.pk])


def listed(programme: Programme) -> list[int]:
    page = Client().get(reverse("section_programmes", args=[programme.organisation.slug]))
    return [one.number for one in page.context["programmes"]]


def pages(programme: Programme) -> str:
    urls = [reverse("section_programmes", args=[programme.organisation.slug]), url("section_programme", programme)]
    urls += [url("section_programme_results", programme)]
    return "\n".join(Client().get(one).content.decode() for one in urls).replace("\u00a0", " ")


def test_programme_is_not_public_until_the_curator_says_so(working, people) -> None:
    programme = approved(working, people)
    assert (listed(programme), Client().get(url("section_programme", programme)).status_code) == ([], 404)
    publish_programme(programme=programme, shown=True, actor=people.curator)
    assert (listed(programme), Client().get(url("section_programme", programme)).status_code) == ([programme.pk], 200)
    publish_programme(programme=programme, shown=False, actor=people.curator)
    assert (listed(programme), Client().get(url("section_programme", programme)).status_code) == ([], 404)


def test_br_20_running_programme_is_public_as_a_description(shown) -> None:
    page = Client().get(url("section_programme", shown))
    found = page.context["programme"]
    assert (found.forms, found.kinds) == (["педагог – молодой педагог"], ["традиционное (один на один)"])
    assert (found.directions, found.is_over, found.results) == (["вхождение в профессию"], False, "")
    html = page.content.decode()
    assert [words for words in ("Шаг 1", "порядок на уроке", "Черновое название") if words in html] == []


@pytest.mark.parametrize("state", ["draft", "review", "approved", "completed", "summed"])
def test_br_19_results_are_there_only_after_they_are_summed_up(shown, state) -> None:
    Programme.objects.filter(pk=shown.pk).update(state=state)
    expected = 200 if state == ProgrammeState.SUMMED else 404
    assert Client().get(url("section_programme_results", shown)).status_code == expected
    assert ("Получилось." in pages(shown)) is (state == ProgrammeState.SUMMED)


def test_programme_that_did_not_come_about_is_never_shown(shown) -> None:
    Programme.objects.filter(pk=shown.pk).update(state=ProgrammeState.DROPPED)
    assert (listed(shown), Client().get(url("section_programme", shown)).status_code) == ([], 404)


def test_correction_shows_what_is_in_force(working, people) -> None:
    programme = corrected(working, people)
    publish_programme(programme=programme, shown=True, actor=people.curator)
    line(programme, people, "Не утверждено")
    Programme.objects.filter(pk=programme.pk).update(title="Не утверждено")
    assert "Не утверждено" not in pages(programme)


def summed(shown: Programme) -> Programme:
    Programme.objects.filter(pk=shown.pk).update(state=ProgrammeState.SUMMED)
    return shown


def names_in(text: str) -> set[str]:
    return {stem for stem in ("Вересков", "Ольхин") if stem in text}


def test_nobody_is_named_without_a_consent_even_in_free_words(shown) -> None:
    assert names_in(pages(summed(shown))) == set()


def test_whoever_has_agreed_is_named(shown, people) -> None:
    agree(shown.pair.mentor, ConsentKind.DISSEMINATION, people.curator)
    assert names_in(pages(summed(shown))) == {"Вересков"}


def test_withdrawn_consent_takes_the_name_away(shown, people) -> None:
    consent = agree(shown.pair.mentor, ConsentKind.DISSEMINATION, people.curator)
    type(consent).objects.filter(pk=consent.pk).update(withdrawn_on=consent.signed_on, withdrawal_reason="заявление")
    assert names_in(pages(summed(shown))) == set()


def test_without_the_gate_the_names_would_be_there(shown) -> None:
    """There is something to leak: the pair and the words of the programme know both."""
    everybody = {person.pk: frozenset({"name"}) for person in shown.pair.people}
    with (
        mock.patch.object(mentorship_public, "allowed_fields", return_value=everybody),
        mock.patch.object(Redactor, "text", lambda self, text: text),
    ):
        assert names_in(pages(summed(shown))) == {"Вересков", "Ольхин"}


def test_programme_of_another_school_is_not_here(shown, other_school) -> None:
    address = reverse("section_programme", args=[other_school.slug, shown.pk])
    assert Client().get(address).status_code == 404


def test_list_costs_the_same_for_one_and_three(shown, queries) -> None:
    client = Client()
    address = reverse("section_programmes", args=[shown.organisation.slug])
    before = queries(client, address)
    version = shown.versions.get()
    for _ in range(2):
        copy = Programme.objects.get(pk=shown.pk)
        copy.pk, copy.state = None, ProgrammeState.SUMMED
        copy.save()
        version.pk, version.programme = None, copy
        version.save()
    assert (before, queries(client, address)) == (9, 9)
