"""Pages of programmes: they work, strangers and wrong roles are refused, methods, bad input, the whole story."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from mentorship.models import Focus, Programme, ProgrammeVersion
from mentorship.services.programme_papers import add_comment, add_file
from mentorship.services.programme_review import submit_programme
from tests.mentorship.builders import day
from tests.mentorship.programmes.builders import (
    agree_everybody,
    approved,
    corrected,
    drafted,
    fresh,
    in_state,
    line,
    reviewed,
    template,
)

FILE = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
# Pages of a programme that ask or show: name → the state in which they answer.
OF_PROGRAMME = {
    "programme_detail": "draft",
    "programme_edit": "draft",
    "programme_submit": "draft",
    "programme_drop": "draft",
    "programme_return": "review",
    "programme_mark": "review",
    "programme_approve": "review",
    "programme_amend": "approved",
    "programme_results": "approved",
    "programme_comment": "draft",
    "programme_file_new": "draft",
    "programme_template_new": "approved",
    "focus_new": "draft",
    "activity_new": "draft",
}
OF_LINE = ("activity_detail", "activity_edit", "activity_delete", "activity_do", "activity_check", "activity_delay")
ONLY_POST = ("programme_agree", "programme_endorse", "programme_publish")
OF_HEAD = ("programme_approve",)


def url_of(name: str, row, *more) -> str:
    return reverse(name, args=[row.pk, *more])


def actor_for(name: str, people) -> User:
    return people.director if name in OF_HEAD else people.curator


@pytest.mark.parametrize("name", OF_PROGRAMME)
def test_page_works_and_refuses_the_rest(name, pair, people, client_of) -> None:
    programme = reviewed(pair, people) if name == "programme_mark" else in_state(OF_PROGRAMME[name], pair, people)
    url = url_of(name, programme)
    assert client_of(actor_for(name, people)).get(url).status_code == 200
    assert client_of(people.stranger).get(url).status_code == 404
    assert client_of(people.accountant).get(url).status_code == 403


@pytest.mark.parametrize("name", OF_LINE)
def test_page_of_a_line_works_and_refuses_the_rest(name, pair, people, client_of) -> None:
    makes = drafted if name in ("activity_edit", "activity_delete") else approved
    url = url_of(name, makes(pair, people).activities.first())
    assert client_of(people.curator).get(url).status_code == 200
    assert client_of(people.stranger).get(url).status_code == 404
    assert client_of(people.accountant).get(url).status_code == 403


@pytest.mark.parametrize("name", ONLY_POST)
def test_steps_that_ask_nothing_answer_only_to_post(name, pair, people, client_of) -> None:
    programme = approved(pair, people)
    assert client_of(people.curator).get(url_of(name, programme)).status_code == 405
    assert client_of(people.stranger).post(url_of(name, programme)).status_code == 404
    assert client_of(people.accountant).post(url_of(name, programme)).status_code == 403


def test_steps_of_lines_answer_only_to_post(pair, people, client_of) -> None:
    programme = approved(pair, people)
    row, focus = programme.activities.first(), programme.focuses.first()
    comment = add_comment(programme=programme, activity=None, text="Хорошо", actor=people.curator)
    urls = [url_of("activity_move", row), url_of("activity_delay_answer", row), url_of("focus_overcome", focus)]
    urls.append(url_of("programme_comment_settle", comment))
    assert [client_of(people.curator).get(url).status_code for url in urls] == [405] * 4
    assert [client_of(people.stranger).post(url).status_code for url in urls] == [404] * 4
    assert [client_of(people.accountant).post(url).status_code for url in urls] == [403] * 4
    assert [client_of(people.curator).post(url).status_code for url in urls] == [302] * 4


# --- The story through the pages --------------------------------------------------------------------------------------
def test_programme_is_composed_of_a_template_on_the_page(pair, people, client_of) -> None:
    common = template()
    client = client_of(people.curator)
    page = client.get(reverse("programme_new"), {"pair": pair.pk})
    assert [str(one) for one in page.context["templates"]] == ["Первый год"]
    answer = client.post(reverse("programme_new"), {"pair": pair.pk, "base": f"template:{common.pk}"})
    programme = Programme.objects.get()
    assert answer.url == url_of("programme_detail", programme)
    assert programme.activities.count() == 2


def test_new_programme_refuses_what_is_not_offered(pair, people, client_of, other_school) -> None:
    foreign = template(other_school, title="Чужой")
    data = {"pair": pair.pk, "base": f"template:{foreign.pk}"}
    page = client_of(people.curator).post(reverse("programme_new"), data)
    assert (page.status_code, Programme.objects.count(), list(page.context["form"].errors)) == (200, 0, ["base"])


def test_agreement_goes_through_the_pages(pair, people, client_of, mentor_user, mentee_user) -> None:
    programme = drafted(pair, people)
    client_of(fresh(mentor_user)).post(url_of("programme_submit", programme))
    client_of(fresh(mentee_user)).post(url_of("programme_agree", programme))
    client_of(people.methodical_union).post(url_of("programme_endorse", programme))
    answer = client_of(people.director).post(url_of("programme_approve", programme))
    programme.refresh_from_db()
    assert (answer.status_code, programme.state, programme.marks.count()) == (302, "approved", 3)


def test_approval_asks_for_the_password_when_it_is_long_ago(pair, people, client) -> None:
    programme = reviewed(pair, people)
    agree_everybody(programme, people)
    client.force_login(people.director)
    page = client.post(url_of("programme_approve", programme))
    programme.refresh_from_db()
    assert (programme.state, list(page.context["form"].errors)) == ("review", ["password"])


def test_mentee_who_does_not_agree_writes_why(pair, people, client_of, mentee_user) -> None:
    programme = reviewed(pair, people)
    url = url_of("programme_disagree", programme)
    client = client_of(fresh(mentee_user))
    assert client.post(url, {"remark": ""}).status_code == 200
    client.post(url, {"remark": "Мало посещений"})
    programme.refresh_from_db()
    assert (programme.state, programme.return_reason) == ("draft", "Мало посещений")


def test_correction_is_shown_and_given_up(pair, people, client_of) -> None:
    programme = corrected(pair, people)
    line(programme, people, "Новый шаг")
    client = client_of(people.curator)
    page = client.get(url_of("programme_detail", programme))
    assert [(one.word, one.what) for one in page.context["differences"]] == [("добавлено", "Новый шаг")]
    assert [chip.word for chip in page.context["chips"]] == ["действует редакция 1", "корректировка: черновик"]
    assert client.get(url_of("programme_discard", programme)).status_code == 200
    client.post(url_of("programme_discard", programme))
    assert [one.title for one in programme.activities.all()] == ["Шаг 1", "Шаг 2", "Шаг 3"]


def test_version_says_what_it_changed(pair, people, client_of) -> None:
    programme = corrected(pair, people)
    line(programme, people, "Новый шаг")
    submit_programme(programme=programme, actor=people.curator)
    agree_everybody(programme, people)
    client_of(people.director).post(url_of("programme_approve", programme))
    version = ProgrammeVersion.objects.get(number=2)
    page = client_of(people.curator).get(url_of("programme_version", version))
    assert [(one.word, one.what) for one in page.context["differences"]] == [("добавлено", "Новый шаг")]
    assert client_of(people.stranger).get(url_of("programme_version", version)).status_code == 404
    assert client_of(people.accountant).get(url_of("programme_version", version)).status_code == 403


def test_mentee_marks_with_a_file_and_the_mentor_checks(
    pair, people, client_of, mentor_user, mentee_user, journal_count
) -> None:
    row = approved(pair, people).activities.first()
    before = journal_count()
    data = {"result": "Посетил", "done_on": day(0).isoformat(), "file": SimpleUploadedFile("план.pdf", FILE)}
    answer = client_of(fresh(mentee_user)).post(url_of("activity_do", row), data)
    assert (answer.status_code, journal_count() - before) == (302, 2)
    kept = row.files.get()
    assert client_of(fresh(mentor_user)).get(url_of("programme_file", kept)).status_code == 200
    assert client_of(people.stranger).get(url_of("programme_file", kept)).status_code == 404
    client_of(fresh(mentor_user)).post(url_of("activity_check", row), {"mark": "Хорошо"})
    row.refresh_from_db()
    assert (row.state, row.mark) == ("checked", "Хорошо")
    client_of(fresh(mentee_user)).post(url_of("programme_file_delete", kept))
    assert row.files.count() == 0


def test_empty_answers_are_told_beside_the_field(pair, people, client_of, mentee_user) -> None:
    row = approved(pair, people).activities.first()
    client = client_of(fresh(mentee_user))
    page = client.post(url_of("activity_do", row), {"result": "", "done_on": "31.02.2026"})
    assert sorted(page.context["form"].errors) == ["done_on", "result"]
    page = client.post(url_of("activity_delay", row), {"until": day(900).isoformat(), "reason": "Потом"})
    assert (page.status_code, bool(page.context["form"].non_field_errors())) == (200, True)


def test_line_outside_the_term_is_told_beside_the_field(pair, people, client_of) -> None:
    programme = drafted(pair, people)
    data = {"section": "1", "title": "Поздно", "focus": programme.focuses.get().pk, "due_on": day(900).isoformat()}
    page = client_of(people.curator).post(url_of("activity_new", programme), data)
    assert list(page.context["form"].errors) == ["due_on"]
    assert page.context["form"]["title"].value() == "Поздно"


# --- A group ----------------------------------------------------------------------------------------------------------
def test_mentee_of_a_group_opens_nothing_of_another(group, people, client_of, mentee_user, second_user) -> None:
    programme = drafted(group, people)
    other = line(programme, people, "Чужое дело", mentee=group.mentees[1])
    Focus.objects.create(programme=programme, mentee=group.mentees[1], text="чужое затруднение")
    add_comment(programme=programme, activity=other, text="чужое замечание", actor=people.curator)
    file = SimpleUploadedFile("чужой.pdf", FILE)
    kept = add_file(programme=programme, activity=other, file=file, title="чужой файл", actor=people.curator)
    client = client_of(fresh(mentee_user))
    html = client.get(url_of("programme_detail", programme)).content.decode()
    assert [words for words in ("Чужое дело", "чужое затруднение", "чужое замечание") if words in html] == []
    urls = [
        url_of("activity_detail", other),
        url_of("programme_file", kept),
        f"{url_of('programme_comment', programme)}?line={other.pk}",
        url_of("programme_plan", programme, group.mentees[1].pk, "pdf"),
    ]
    assert [client.get(url).status_code for url in urls] == [404] * 4
    theirs = client_of(fresh(second_user)).get(url_of("programme_detail", programme)).content.decode()
    assert "Чужое дело" in theirs
