"""Partners and agreements: pages, who sees them, what the curator is reminded of."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.attention import ending_agreements
from accounts.models import Agreement, Partner
from accounts.permissions import Forbidden, today
from accounts.services.partners import set_agreement_file
from core.documents.blocks import read_blocks
from core.documents.page import PageSetup
from core.documents.pdf import to_pdf
from core.journal import record
from core.models import JournalEntry

pytestmark = pytest.mark.django_db
LIST, NEW = "/cabinet/partners/", "/cabinet/partners/new/"
PDF = to_pdf(read_blocks("<p>Соглашение</p>"), PageSetup(title="Соглашение"))
DEAL = {"number": "14/п", "subject": "о практике студентов", "signed_on": "2026-09-01", "ends_on": "2027-08-31"}


@pytest.fixture
def partner(school) -> Partner:
    return Partner.objects.create(
        organisation=school, title="Приозёрский колледж", inn="1234567890", contact_name="Полозова Инга Вадимовна"
    )


def deal(partner: Partner, ends: int | None, *, signed: int = -300, number: str = "1") -> Agreement:
    """An agreement by the distances of its days from today."""
    last = None if ends is None else today() + dt.timedelta(ends)
    signed_on = today() + dt.timedelta(signed)
    days = {"signed_on": signed_on, "ends_on": last}
    return Agreement.objects.create(partner=partner, number=number, subject="о практике", **days)


def titles(page) -> list[str]:
    return [row["partner"].title for row in page.context["rows"]]


# --- The list -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ёлочный завод", "Приозёрский колледж", "Технопарк"]),
        ("q=елочный", ["Ёлочный завод"]),
        ("q=колледж+полозова", ["Приозёрский колледж"]),
        ("q=1234567890", ["Приозёрский колледж"]),
        ("agreement=yes", ["Приозёрский колледж"]),
        ("agreement=no", ["Ёлочный завод", "Технопарк"]),
        ("state=former", ["Прежний музей"]),
        ("q=канарейкин", []),
        ("agreement=maybe&page=x", ["Ёлочный завод", "Приозёрский колледж", "Технопарк"]),
    ],
)
def test_list_is_searched_and_filtered(client_of, people, school, other_school, partner, query, expected):
    deal(partner, 100)
    deal(Partner.objects.create(organisation=school, title="Ёлочный завод"), -1)
    Partner.objects.create(organisation=school, title="Технопарк")
    Partner.objects.create(organisation=school, title="Прежний музей", is_active=False)
    Partner.objects.create(organisation=other_school, title="Канарейкин завод")
    assert titles(client_of(people.curator).get(f"{LIST}?{query}")) == expected


def test_list_says_how_the_agreement_stands(client_of, people, partner):
    client = client_of(people.curator)

    def word() -> str:
        return client.get(LIST).context["rows"][0]["word"]

    assert word() == "нет соглашения"
    old = deal(partner, -5)
    assert word() == f"закончилось {old.ends_on:%d.%m.%Y}"
    near = deal(partner, 5, number="2")
    assert word() == f"действует до {near.ends_on:%d.%m.%Y}"
    deal(partner, None, number="3")
    assert word() == "действует"


def test_list_costs_the_same_for_one_partner_and_for_three(client_of, people, school, partner, queries):
    client = client_of(people.curator)
    deal(partner, 10)
    one = queries(client, LIST)
    for number in range(2):
        deal(Partner.objects.create(organisation=school, title=f"Ещё {number}"), 10)
    assert (one, queries(client, LIST)) == (11, 11)


def test_empty_list_says_what_to_do_next(client_of, people):
    curator, director = (client_of(who).get(LIST).content.decode() for who in (people.curator, people.director))
    assert "Запишите колледж" in curator
    assert "когда их запишет куратор" in director


@pytest.mark.parametrize(
    ("who", "status"),
    [("curator", 200), ("director", 200), ("inspector", 200), ("teacher", 403), ("admin", 403), ("municipal", 403)],
)
def test_list_is_for_those_of_the_table(client_of, people, who, status):
    assert client_of(getattr(people, who)).get(LIST).status_code == status


# --- One partner ----------------------------------------------------------------------------------------------------
def test_curator_adds_a_partner_and_an_agreement_with_its_paper(client_of, people, school):
    client = client_of(people.curator)
    response = client.post(NEW, {"title": " Технопарк  «Компас» ", "is_active": "on", "email": "a@example.org"})
    partner = Partner.objects.get()
    assert (response["Location"], partner.title, partner.organisation) == (
        reverse("partner_detail", args=[partner.pk]),
        "Технопарк «Компас»",
        school,
    )
    paper = SimpleUploadedFile("Соглашение.pdf", PDF, "application/pdf")
    client.post(reverse("agreement_new", args=[partner.pk]), {**DEAL, "new_file": paper})
    agreement = Agreement.objects.get()
    assert (agreement.partner, agreement.number, agreement.file_name) == (partner, "14/п", "Соглашение.pdf")
    answer = client.get(reverse("agreement_file", args=[agreement.pk]))
    assert (answer.status_code, answer["Content-Type"], b"".join(answer)[:5]) == (200, "application/pdf", b"%PDF-")
    assert answer["Cache-Control"] == "private, no-store"
    texts = list(JournalEntry.objects.order_by("pk").values_list("text", "scope"))
    assert texts == [
        ("Партнёр добавлен.", school.pk),
        ("Записано соглашение с партнёром.", school.pk),
        ("Приложено подписанное соглашение.", school.pk),
    ]


def test_page_of_a_partner_shows_all_agreements_and_who_may_change(client_of, people, partner):
    deal(partner, 100)
    deal(partner, -100, number="старое")
    url = reverse("partner_detail", args=[partner.pk])
    curator, director = (client_of(who).get(url) for who in (people.curator, people.director))
    assert [row["agreement"].number for row in curator.context["rows"]] == ["старое", "1"]
    edit = reverse("partner_edit", args=[partner.pk])
    assert [edit in page.content.decode() for page in (curator, director)] == [True, False]


def test_partner_is_changed_and_the_history_shows_old_and_new(client_of, people, partner):
    url = reverse("partner_edit", args=[partner.pk])
    client_of(people.curator).post(url, {"title": partner.title, "phone": "8 (000) 1"})
    partner.refresh_from_db()
    assert (partner.phone, partner.is_active) == ("8 (000) 1", False)
    changes = {one["field"]: (one["old"], one["new"]) for one in JournalEntry.objects.get().changes}
    assert changes["Телефон"] == ("—", "8 (000) 1")
    assert changes["Сотрудничаем"] == ("да", "нет")


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"title": ""}, "title"), ({"inn": "12"}, "inn"), ({"email": "нет"}, "email"), ({"title": "я" * 300}, "title")],
)
def test_partner_form_explains_what_is_wrong(client_of, people, changed, field):
    page = client_of(people.curator).post(NEW, {"title": "Завод", "is_active": "on", **changed})
    assert (page.status_code, list(page.context["form"].errors), Partner.objects.count()) == (200, [field], 0)


def test_same_title_twice_is_refused_in_words(client_of, people, partner):
    page = client_of(people.curator).post(NEW, {"title": partner.title, "is_active": "on"})
    assert page.context["form"].non_field_errors() == ["Партнёр с таким названием уже есть."]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": ""}, "number"),
        ({"signed_on": "вчера"}, "signed_on"),
        ({"ends_on": "2026-08-31"}, "__all__"),
        ({"new_file": SimpleUploadedFile("a.exe", b"MZ")}, "new_file"),
        ({"new_file": SimpleUploadedFile("a.pdf", b"no pdf")}, "new_file"),
    ],
)
def test_agreement_form_explains_what_is_wrong(client_of, people, partner, changed, field):
    url = reverse("agreement_new", args=[partner.pk])
    page = client_of(people.curator).post(url, {**DEAL, **changed})
    assert (page.status_code, list(page.context["form"].errors), Agreement.objects.count()) == (200, [field], 0)


def test_new_file_takes_the_place_of_the_old_one(client_of, people, partner, django_capture_on_commit_callbacks):
    agreement = deal(partner, 10)
    url = reverse("agreement_edit", args=[agreement.pk])
    names = []
    for name in ("Первое.pdf", "Второе.pdf"):
        with django_capture_on_commit_callbacks(execute=True):
            client_of(people.curator).post(url, {**DEAL, "new_file": SimpleUploadedFile(name, PDF)})
        agreement.refresh_from_db()
        names.append(agreement.file.name)
    assert agreement.file_name == "Второе.pdf"
    assert [agreement.file.storage.exists(name) for name in names] == [False, True]


@pytest.mark.parametrize("name", ["partner_detail", "partner_edit", "agreement_new"])
def test_partner_of_another_school_does_not_exist(client_of, people, partner, name):
    url = reverse(name, args=[partner.pk])
    assert client_of(people.stranger).get(url).status_code == 404
    assert client_of(people.stranger).post(url, {"title": "x"}).status_code == 404
    assert client_of(people.teacher).get(url).status_code == 403


@pytest.mark.parametrize("name", ["agreement_edit", "agreement_file"])
def test_agreement_of_another_school_does_not_exist(client_of, people, partner, name):
    agreement = deal(partner, 10)
    set_agreement_file(agreement=agreement, file=SimpleUploadedFile("a.pdf", PDF), actor=people.curator)
    url = reverse(name, args=[agreement.pk])
    assert client_of(people.stranger).get(url).status_code == 404
    assert client_of(people.teacher).get(url).status_code == 403


def test_agreement_without_a_paper_has_no_file(client_of, people, partner):
    assert client_of(people.curator).get(reverse("agreement_file", args=[deal(partner, 1).pk])).status_code == 404


def test_director_reads_and_does_not_change(client_of, people, partner):
    client = client_of(people.director)
    agreement = deal(partner, 10)
    assert client.get(reverse("partner_edit", args=[partner.pk])).status_code == 403
    assert client.post(NEW, {"title": "Завод"}).status_code == 403
    assert client.get(reverse("agreement_edit", args=[agreement.pk])).status_code == 403
    with pytest.raises(Forbidden):
        set_agreement_file(agreement=agreement, file=SimpleUploadedFile("a.pdf", PDF), actor=people.director)


# --- Attention ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ends", "expected"), [(31, []), (30, [False]), (0, [False]), (-1, [True]), (-400, [True]), (None, [])]
)
def test_curator_is_reminded_a_month_before_the_end_and_after_it(people, school, partner, ends, expected):
    deal(partner, ends, signed=-500)
    entries = list(ending_agreements(people.curator, school, today()))
    assert [one.late for one in entries] == expected


def test_reminder_names_the_partner_once_and_ends_with_a_newer_agreement(people, school, partner):
    deal(partner, -200)
    deal(partner, -5, number="2")
    entries = list(ending_agreements(people.curator, school, today()))
    assert [(one.title, one.due) for one in entries] == [("Приозёрский колледж", today() - dt.timedelta(5))]
    deal(partner, 400, number="3")
    assert list(ending_agreements(people.curator, school, today())) == []


def test_former_partner_reminds_of_nothing(people, school, partner):
    deal(partner, -5)
    Partner.objects.update(is_active=False)
    assert list(ending_agreements(people.curator, school, today())) == []


def test_reminder_is_not_for_the_director(people, school, partner):
    deal(partner, -5)
    assert list(ending_agreements(people.director, school, today())) == []


def test_agreement_is_in_force_on_both_of_its_days(partner):
    agreement = deal(partner, 10, signed=0)
    with time_machine.travel(dt.datetime.combine(today(), dt.time(12)), tick=False):
        days = [today() + dt.timedelta(offset) for offset in (-1, 0, 10, 11)]
    assert [agreement.is_in_force_on(day) for day in days] == [False, True, True, False]
    assert [Agreement.objects.on(day).exists() for day in days] == [False, True, True, False]


def test_history_of_the_agreement_stands_on_the_page_of_the_partner(client_of, people, partner):
    record("accounts.partner.change", deal(partner, 1), actor=people.curator, text="Проба пера.")
    page = client_of(people.curator).get(reverse("partner_detail", args=[partner.pk]))
    assert "Проба пера." in page.content.decode()
