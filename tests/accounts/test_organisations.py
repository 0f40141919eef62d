"""The organisation: requisites, emblem, who stands in for its head."""

import datetime as dt
import io
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from accounts.forms.organisations import ActingHeadForm
from accounts.models import ActingHead, Organisation, User
from accounts.services.organisations import end_acting
from accounts.services.saving import UNEXPLAINED, save_or_explain, sentence_of
from core.models import JournalEntry
from core.transitions import Refused

pytestmark = pytest.mark.django_db
FIELDS = (
    "full_name",
    "name",
    "place",
    "address",
    "phone",
    "email",
    "website",
    "inn",
    "ogrn",
    "head_post",
    "head_name",
    "head_gender",
    "accent",
)
OVERLAP = "В эти дни обязанности руководителя уже исполняет другой человек."
TURNED = "Период не может закончиться раньше, чем начался."
ACTING = {
    "full_name": "Тихая Анна Львовна",
    "gender": "f",
    "post": "И. о. директора",
    "starts_on": "2026-07-01",
    "ends_on": "2026-07-31",
    "basis": "приказ от 25.06.2026 № 45-к",
}


def form_of(school: Organisation, **changed) -> dict:
    return {name: getattr(school, name) for name in FIELDS} | changed


def picture() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(content, "PNG")
    return SimpleUploadedFile("герб.png", content.getvalue(), "image/png")


@pytest.fixture
def acting(school) -> ActingHead:
    return ActingHead.objects.create(
        organisation=school, full_name="Тихая Анна Львовна", starts_on="2026-07-01", ends_on="2026-07-31"
    )


# --- The page and the requisites ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"),
    [("curator", 200), ("teacher", 200), ("municipal", 200), ("admin", 200), ("stranger", 404)],
)
def test_page_of_the_organisation_by_role(client_of, people, school, who, status):
    assert client_of(getattr(people, who)).get(reverse("organisation_detail", args=[school.pk])).status_code == status


def test_page_says_who_signs_today(client_of, people, school, acting):
    ActingHead.objects.update(starts_on="2020-01-01", ends_on="2099-01-01")
    page = client_of(people.teacher).get(reverse("organisation_detail", args=[school.pk]))
    assert page.context["signer"].full_name == "Тихая Анна Львовна"


def test_page_costs_the_same_for_one_acting_head_and_for_three(client_of, people, school, acting, queries):
    client, url = client_of(people.curator), reverse("organisation_detail", args=[school.pk])
    one = queries(client, url)
    for month in (8, 9):
        ActingHead.objects.create(
            organisation=school, full_name="Ещё", starts_on=dt.date(2026, month, 1), ends_on=dt.date(2026, month, 2)
        )
    assert (one, queries(client, url)) == (16, 16)


def test_requisites_are_changed_with_history(client_of, people, school):
    url = reverse("organisation_edit", args=[school.pk])
    form = form_of(school, place="пос. Озёрный", website="school17.example.org")
    response = client_of(people.curator).post(url, form)
    assert response["Location"] == reverse("organisation_detail", args=[school.pk])
    school.refresh_from_db()
    assert (school.place, school.website) == ("пос. Озёрный", "https://school17.example.org")
    entry = JournalEntry.objects.get()
    assert (entry.scope, entry.changes) == (
        school.pk,
        [
            {"field": "Место издания документов", "old": "г. Приозёрск", "new": "пос. Озёрный"},
            {"field": "Официальный сайт", "old": "—", "new": "https://school17.example.org"},
        ],
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"inn": "12345"}, "inn"),
        ({"ogrn": "один"}, "ogrn"),
        ({"name": "я" * 10_000}, "name"),
        ({"full_name": ""}, "full_name"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"accent": "red"}, "accent"),
        ({"email": "нет"}, "email"),
    ],
)
def test_requisites_explain_what_is_wrong(client_of, people, school, changed, field):
    page = client_of(people.curator).post(reverse("organisation_edit", args=[school.pk]), form_of(school, **changed))
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert JournalEntry.objects.count() == 0


def test_curator_cannot_move_the_organisation_or_its_address(client_of, people, school, other_school):
    form = form_of(school, slug="stolen", parent=other_school.pk, kind="municipality", is_active="")
    client_of(people.curator).post(reverse("organisation_edit", args=[school.pk]), form)
    stored = Organisation.objects.get(pk=school.pk)
    assert (stored.slug, stored.parent_id, stored.kind, stored.is_active) == (
        "school17",
        school.parent_id,
        "school",
        True,
    )


def test_emblem_is_kept_shown_and_removed(client_of, people, school, django_capture_on_commit_callbacks):
    client, edit = client_of(people.curator), reverse("organisation_edit", args=[school.pk])
    emblem = reverse("organisation_emblem", args=[school.pk])
    assert client.get(emblem).status_code == 404
    client.post(edit, form_of(school, new_emblem=picture()))
    shown = client.get(emblem)
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/png", "nosniff")
    assert client_of(people.stranger).get(emblem).status_code == 404
    kept = Organisation.objects.get(pk=school.pk).emblem
    with django_capture_on_commit_callbacks(execute=True):
        client.post(edit, form_of(school, remove_emblem="on"))
    assert (client.get(emblem).status_code, kept.storage.exists(kept.name)) == (404, False)
    assert list(JournalEntry.objects.order_by("pk").values_list("text", flat=True)) == [
        "Эмблема заменена.",
        "Эмблема убрана.",
    ]


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("герб.png", b"<svg onload=alert(1)>", "image/png"),
        SimpleUploadedFile("герб.svg", b"<svg/>", "image/svg+xml"),
        SimpleUploadedFile("герб.png", b"", "image/png"),
    ],
)
def test_emblem_that_is_no_picture_is_refused(client_of, people, school, file):
    page = client_of(people.curator).post(
        reverse("organisation_edit", args=[school.pk]), form_of(school, new_emblem=file)
    )
    assert list(page.context["form"].errors) == ["new_emblem"]
    assert Organisation.objects.get(pk=school.pk).emblem.name == ""


# --- The list and a new one ---------------------------------------------------------------------------------------
def test_list_has_what_the_reader_looks_after(client_of, people, school, other_school, town):
    def listed(person: User) -> list[Organisation]:
        return list(client_of(person).get("/cabinet/organisations/").context["page_obj"])

    assert listed(people.municipal) == [other_school, school, town]
    assert listed(people.teacher) == [school]


def test_administrator_adds_a_school(client_of, people, town, school):
    form = form_of(school, parent=town.pk, kind="school", slug="school21", name="Школа № 21")
    response = client_of(people.admin).post("/cabinet/organisations/new/", form)
    added = Organisation.objects.get(slug="school21")
    assert (response["Location"], added.parent) == (reverse("organisation_detail", args=[added.pk]), town)
    assert JournalEntry.objects.get().text == "Организация добавлена."


@pytest.mark.parametrize(
    ("changed", "field"), [({"slug": "canary"}, "slug"), ({"slug": "школа"}, "slug"), ({"parent": ""}, "parent")]
)
def test_adding_a_school_explains_what_is_wrong(client_of, people, town, school, changed, field):
    form = form_of(school, parent=town.pk, kind="school", slug="school21") | changed
    page = client_of(people.admin).post("/cabinet/organisations/new/", form)
    assert list(page.context["form"].errors) == [field]


def test_school_cannot_be_hung_under_another_school(client_of, people, other_school, school):
    form = form_of(school, parent=other_school.pk, kind="school", slug="school21")
    assert list(client_of(people.admin).post("/cabinet/organisations/new/", form).context["form"].errors) == ["parent"]


# --- Who stands in for the head -----------------------------------------------------------------------------------
def test_acting_head_signs_in_the_period_and_only_then(client_of, people, school):
    response = client_of(people.curator).post(reverse("acting_head_new", args=[school.pk]), ACTING)
    assert response["Location"] == reverse("organisation_detail", args=[school.pk])
    days = (dt.date(2026, 6, 30), dt.date(2026, 7, 1), dt.date(2026, 7, 31), dt.date(2026, 8, 1))
    assert [school.signer_on(day).full_name.split()[0] for day in days] == ["Громова", "Тихая", "Тихая", "Громова"]


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({}, {"__all__": [OVERLAP]}),
        ({"starts_on": "2026-07-31", "ends_on": "2026-08-10"}, {"__all__": [OVERLAP]}),
        ({"starts_on": "2026-08-10", "ends_on": "2026-08-01"}, {"ends_on": [TURNED]}),
    ],
)
def test_acting_heads_that_overlap_are_refused_in_words(client_of, people, school, acting, changed, errors):
    page = client_of(people.curator).post(reverse("acting_head_new", args=[school.pk]), ACTING | changed)
    assert (page.status_code, page.context["form"].errors) == (200, errors)
    assert ActingHead.objects.count() == 1


def test_acting_head_of_another_school_is_no_overlap(client_of, people, other_school, acting):
    client_of(people.stranger).post(reverse("acting_head_new", args=[other_school.pk]), ACTING)
    assert ActingHead.objects.count() == 2


def test_acting_head_may_be_corrected_without_overlapping_itself(client_of, people, acting):
    url = reverse("acting_head_edit", args=[acting.pk])
    assert client_of(people.curator).post(url, ACTING | {"ends_on": "2026-07-20"}).status_code == 302
    assert client_of(people.stranger).post(url, ACTING).status_code == 404
    assert ActingHead.objects.get().ends_on == dt.date(2026, 7, 20)


def test_acting_head_ends_earlier_but_not_later(client_of, people, acting):
    url = reverse("acting_head_end", args=[acting.pk])
    client = client_of(people.curator)
    page = client.post(url, {"ends_on": "2026-09-01"})
    assert len(page.context["form"].errors["ends_on"]) == 1
    assert client.post(url, {"ends_on": "2026-07-10"}).status_code == 302
    acting.refresh_from_db()
    assert acting.ends_on == dt.date(2026, 7, 10)
    with pytest.raises(Refused):
        end_acting(acting=acting, ends_on=dt.date(2026, 6, 30), actor=people.curator)


def save_at_once(school: Organisation, actor: User) -> list[list[str]]:
    """Two people record an acting head for the same days: both forms are valid before either is saved."""
    barrier, errors = threading.Barrier(2), []

    def work():
        try:
            form = ActingHeadForm(ACTING, instance=ActingHead(), organisation=school)
            assert form.is_valid()
            barrier.wait(timeout=10)
            with transaction.atomic():
                save_or_explain(form, actor=actor, event="accounts.organisation.change", text="Записано.")
            errors.append(form.non_field_errors())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(errors)


@pytest.mark.django_db(transaction=True)
def test_two_acting_heads_saved_at_once_are_one_and_a_sentence(people, school):
    assert save_at_once(school, people.curator) == [[], [OVERLAP]]
    assert ActingHead.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_acting_heads_saved_at_once_would_be_two_without_the_constraint(people, school):
    constraint = next(one for one in ActingHead._meta.constraints if one.name == "acting_head_one_at_a_time")
    with connection.schema_editor() as editor:
        editor.remove_constraint(ActingHead, constraint)
    try:
        assert save_at_once(school, people.curator) == [[], []]
        assert ActingHead.objects.count() == 2
    finally:
        ActingHead.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(ActingHead, constraint)


def test_unknown_violation_asks_to_start_again():
    assert sentence_of(IntegrityError("?"), ActingHead) == UNEXPLAINED
