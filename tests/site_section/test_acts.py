"""The public sees local acts in force today, and nothing of drafts, of what is to come and of what has ended."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.files.base import ContentFile

from orders import public
from orders.models import LocalAct
from tests.data.uploads.plain import PDF
from tests.mentorship.builders import approved_order, day
from tests.roadmap import builders


@pytest.fixture
def acts(section, school, people) -> dict[str, LocalAct]:
    """One act in force, its next edition to come, a draft, a file."""
    first = builders.make_act(school, "Действующее")
    builders.approve(builders.submitted(people, first), people, "1")
    coming = builders.make_act(school, "Будущее")
    order = builders.submitted(people, coming, effective_on=day(30).isoformat())
    builders.approve(order, people, "2")
    builders.make_act(school, "Проект", kind="council")
    file = LocalAct(organisation=school, kind="programme", title="Файл", file_name="Программа.pdf", sha256="a" * 64)
    file.file.save("a.pdf", ContentFile(PDF))
    builders.approve(builders.submitted(people, file), people, "3")
    return {act.title: act for act in LocalAct.objects.all()}


def listed(client, school) -> list[str]:
    return [act.title for act in client.get(f"/s/{school.slug}/documents/").context["acts"]]


def test_only_acts_in_force_today_are_listed(acts, school, client) -> None:
    assert listed(client, school) == ["Файл", "Действующее"]
    with time_machine.travel(dt.datetime.combine(day(30), dt.time(12), tzinfo=dt.UTC)):
        assert listed(client, school) == ["Файл", "Будущее"]


def test_file_of_an_act_in_force_opens_and_no_other(acts, school, other_school, client) -> None:
    def address(act: LocalAct, slug: str = school.slug) -> str:
        return f"/s/{slug}/acts/{act.pk}/file/"

    response = client.get(address(acts["Файл"]))
    assert (response.status_code, b"".join(response), response["Content-Type"]) == (200, PDF, "application/pdf")
    assert client.get(address(acts["Действующее"])).status_code == 404
    assert client.get(address(acts["Файл"], other_school.slug)).status_code == 404
    assert client.post(address(acts["Файл"])).status_code == 405
    LocalAct.objects.filter(title="Файл").update(in_force_until=day(0))
    with time_machine.travel(dt.datetime.combine(day(1), dt.time(12), tzinfo=dt.UTC)):
        assert client.get(address(acts["Файл"])).status_code == 404


def test_draft_has_a_file_only_for_the_school(section, school, client) -> None:
    act = LocalAct(organisation=school, title="Проект", file_name="а.pdf")
    act.file.save("a.pdf", ContentFile(PDF))
    assert client.get(f"/s/{school.slug}/acts/{act.pk}/file/").status_code == 404
    assert public.act_file(school.pk, act.pk, day(0)) is None


def test_act_of_another_school_is_not_listed(acts, school, other_school, people) -> None:
    LocalAct.objects.create(
        organisation=other_school,
        title="Канарейкино",
        text="1.",
        state="in_force",
        order=approved_order(other_school, people),
        in_force_from=day(-1),
    )
    assert [act.title for act in public.acts(school.pk, day(0))] == ["Файл", "Действующее"]
    assert [act.title for act in public.acts(other_school.pk, day(0))] == ["Канарейкино"]
