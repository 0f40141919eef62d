"""The page on which the school writes its own words: who may, what is kept, what the history says."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

from accounts.attention import queue_for, tabs_for
from accounts.models import User
from core.models import JournalEntry
from site_section.forms import SectionForm
from site_section.models import Section
from tests.mentorship.builders import day

EDIT = "/cabinet/site/"
LONG = "щ" * 10_001
ENTRY = "Открытый раздел ещё не рассказывает о программе"


def words(**more: str) -> dict[str, str]:
    return {"is_open": "on", "lead": "Коротко", "about": "Подробно", "contacts": "Кабинет 14", **more}


def said(client, response) -> list[str]:
    assert response.status_code == 302, response.content.decode()[:2000]
    return [str(message) for message in client.get(response["Location"]).context["messages"]]


@pytest.mark.parametrize("who", ["curator", "site_editor"])
def test_section_is_opened_by_its_first_words(school, people, client_of, client, who: str) -> None:
    editor = client_of(getattr(people, who))
    assert (editor.get(EDIT).status_code, client.get(f"/s/{school.slug}/").status_code) == (200, 404)
    assert said(editor, editor.post(EDIT, words())) == ["Сохранено. Изменения уже видны в открытом разделе."]
    section = Section.objects.get()
    assert (section.organisation, section.lead, section.is_open) == (school, "Коротко", True)
    assert "Подробно" in client.get(f"/s/{school.slug}/").content.decode()
    entry = JournalEntry.objects.about(section).get()
    assert (entry.text, entry.actor, entry.scope) == ("Изменён открытый раздел.", getattr(people, who), school.pk)


def test_every_change_is_in_the_history(section, people, client_of, client, journal_count) -> None:
    editor = client_of(people.curator)
    same = {"lead": section.lead, "about": section.about, "contacts": section.contacts}
    assert editor.post(EDIT, words(**same)).status_code == 302
    assert journal_count() == 0
    assert editor.post(EDIT, {**words(**same), "contacts": "Кабинет 15"}).status_code == 302
    closing = {**same, "contacts": "Кабинет 15"}
    assert editor.post(EDIT, closing).status_code == 302
    changes = [entry.changes for entry in JournalEntry.objects.about(section)]
    assert changes == [
        [{"field": "Раздел открыт для всех", "old": "да", "new": "нет"}],
        [{"field": "Контакты куратора", "old": "Кабинет 14", "new": "Кабинет 15"}],
    ]
    assert client.get(f"/s/{section.organisation.slug}/").status_code == 404
    assert [entry.changes for entry in editor.get(EDIT).context["history"]] == changes


def test_each_school_writes_its_own(section, other_school, people, client_of, client) -> None:
    assert client_of(people.stranger).get(EDIT).context["form"]["lead"].value() == ""
    assert client_of(people.stranger).post(EDIT, words(lead="Чужое")).status_code == 302
    assert dict(Section.objects.values_list("organisation__slug", "lead")) == {
        "school17": "Коротко о нас",
        other_school.slug: "Чужое",
    }


@pytest.mark.parametrize("who", ["director", "teacher", "inspector", "admin", "municipal"])
def test_others_write_nothing_and_are_told_who_may(section, people, client_of, who: str) -> None:
    client = client_of(getattr(people, who))
    for response in (client.get(EDIT), client.post(EDIT, words())):
        assert response.status_code == 403
        assert "Изменение открытого раздела: доступно ролям — куратор, редактор сайта." in response.content.decode()
    assert (Section.objects.get().lead, JournalEntry.objects.count()) == ("Коротко о нас", 0)


def test_signed_out_visitor_is_asked_to_sign_in(section, client) -> None:
    assert client.post(EDIT, words())["Location"] == f"/accounts/login/?next={EDIT}"
    assert Section.objects.get().lead == "Коротко о нас"


@pytest.mark.parametrize(("field", "limit"), [("lead", 300), ("about", 10_000), ("contacts", 1000)])
def test_long_text_is_explained(section, people, client_of, field: str, limit: int) -> None:
    response = client_of(people.curator).post(EDIT, words(**{field: LONG}))
    sentence = f"Убедитесь, что это значение содержит не более {limit} символов (сейчас 10001)."
    assert response.context["form"].errors == {field: [sentence]}
    assert (sentence in response.content.decode(), Section.objects.get().lead) == (True, "Коротко о нас")


def test_unreadable_text_is_refused_and_empty_words_are_good(section, people, client_of) -> None:
    client = client_of(people.curator)
    assert client.post(EDIT, words(about="\x00")).status_code == 400
    assert client.post(EDIT, {"is_open": "on"}).status_code == 302
    assert Section.objects.values_list("lead", "about", "contacts", "is_open").get() == ("", "", "", True)


def test_two_editors_at_once_lose_nothing_silently(school, people, client_of) -> None:
    """Somebody else has saved the first words between the check and the saving."""
    valid = SectionForm.is_valid

    def meanwhile(form: Any) -> bool:
        Section.objects.get_or_create(organisation=school, defaults={"lead": "Раньше"})
        return valid(form)

    with mock.patch.object(SectionForm, "is_valid", meanwhile):
        response = client_of(people.curator).post(EDIT, words())
    assert response.context["form"].non_field_errors() == [
        "Пока форма была открыта, данные изменились. Откройте страницу заново и повторите."
    ]
    assert (Section.objects.get().lead, JournalEntry.objects.count()) == ("Раньше", 0)


# --- The home page ----------------------------------------------------------------------------------------------------
def chips(user: User, school) -> list[str]:
    queue = queue_for(User.objects.get(pk=user.pk), school, day(0))
    return [one.chip for one in (*queue.late, *queue.now, *queue.waiting) if one.title == ENTRY]


def test_editors_are_told_while_the_section_says_nothing(school, other_school, people) -> None:
    assert [chips(user, school) for user in (people.curator, people.site_editor)] == [["нет описания"]] * 2
    assert [chips(user, school) for user in (people.director, people.teacher, people.stranger)] == [[]] * 3
    section = Section.objects.create(organisation=school)
    found = [chips(people.curator, school)]
    for values in ({"about": "Подробно"}, {"is_open": False}, {"about": ""}):
        Section.objects.filter(pk=section.pk).update(**values)
        found.append(chips(people.curator, school))
    assert found == [["нет описания"], [], ["раздел закрыт"], ["нет описания"]]
    assert chips(people.curator, other_school) == []


def test_tab_is_for_editors(people) -> None:
    def has_tab(who: str) -> bool:
        return EDIT in [tab["url"] for tab in tabs_for(User.objects.get(username=who), "/")]

    assert [who for who in vars(people) if has_tab(who)] == ["curator", "site_editor", "stranger"]
