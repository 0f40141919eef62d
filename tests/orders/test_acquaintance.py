"""The acquaintance sheet: who must read an order, marks in the portal and on paper, scans."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, connections, transaction

from accounts.models import Letter, ProductionDay, User
from accounts.permissions import today
from core.models import JournalEntry
from core.transitions import Refused
from orders.models import Acquaintance, SignedScan
from orders.services.acquaintance import add_reader, mark_read, mark_signed, remove_reader
from tests.orders.memo import PEOPLE

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture
def read(approved, people):
    """An approved order that names the teacher, who has a login, and Chernykh, who has none."""
    User.objects.filter(pk=people.teacher.pk).update(full_name=PEOPLE[1][0])
    return approved(people=[1, 2], number="71-б")


def row_of(order, name):
    return Acquaintance.objects.get(order=order, name__startswith=name)


def test_everybody_named_has_to_read_and_whoever_signs_in_is_asked(read, people):
    rows = {row.name: row.user for row in Acquaintance.objects.filter(order=read)}
    assert rows == {PEOPLE[1][0]: people.teacher, PEOPLE[2][0]: None}
    letters = Letter.objects.filter(subject="Ознакомьтесь с приказом № 71-б")
    assert [letter.user for letter in letters] == [people.teacher]


def test_namesakes_are_not_guessed(approved, people):
    User.objects.filter(pk__in=[people.teacher.pk, people.curator.pk]).update(full_name=PEOPLE[1][0])
    order = approved(people=[1])
    assert Acquaintance.objects.get(order=order).user is None


def test_term_is_three_working_days(approved):
    for offset in range(1, 20):
        ProductionDay.objects.create(day=today() + dt.timedelta(days=offset), kind="holiday")
    order = approved(people=[1])
    due = Acquaintance.objects.get(order=order).due_on
    assert due >= today() + dt.timedelta(days=22)


def test_reader_marks_once_in_the_portal(read, people, client_of):
    row = row_of(read, "Константинопольская")
    client = client_of(people.teacher)
    page = client.get(f"/cabinet/readers/{row.pk}/")
    assert (page.status_code, "ознакомлен(а)" in page.content.decode()) == (200, True)
    client.post(f"/cabinet/readers/{row.pk}/")
    row.refresh_from_db()
    assert (row.read_on, row.method, row.recorded_by) == (today(), "portal", people.teacher)
    with pytest.raises(Refused, match="Отметка уже стоит"):
        mark_read(row=row, actor=people.teacher)
    assert JournalEntry.objects.about(row).count() == 1


def test_nobody_marks_for_another(read, people, client_of):
    row = row_of(read, "Константинопольская")
    statuses = {
        name: client_of(getattr(people, name)).post(f"/cabinet/readers/{row.pk}/").status_code
        for name in ("psychologist", "stranger")
    }
    assert (statuses, row_of(read, "Константинопольская").read_on) == ({"psychologist": 403, "stranger": 404}, None)


def test_home_page_asks_the_reader_until_the_mark(read, people, client_of):
    row = row_of(read, "Константинопольская")
    client, path = client_of(people.teacher), f"/cabinet/readers/{row.pk}/"
    before = path in client.get("/cabinet/").content.decode()
    client.post(path)
    assert (before, path in client.get("/cabinet/").content.decode()) == (True, False)


def test_late_reader_is_the_curators_business(read, people, client_of):
    Acquaintance.objects.update(due_on=today() - dt.timedelta(days=1))
    page = client_of(people.curator).get("/cabinet/").content.decode()
    assert ("2 человека не ознакомлены с приказом в срок." in page, f"/{read.pk}/readers/" in page) == (True, True)


def test_paper_signatures_are_recorded_together(read, people, client_of):
    rows = list(Acquaintance.objects.filter(order=read).values_list("pk", flat=True))
    client_of(people.curator).post(f"/cabinet/orders/{read.pk}/readers/signed/", {"rows": rows, "day": "2022-09-02"})
    assert set(Acquaintance.objects.values_list("read_on", "method")) == {(dt.date(2022, 9, 2), "paper")}


@pytest.mark.parametrize("day", [dt.date(2022, 8, 31), dt.date(2999, 1, 1)])
def test_impossible_signature_is_refused(read, people, client_of, day):
    rows = list(Acquaintance.objects.filter(order=read).values_list("pk", flat=True))
    url = f"/cabinet/orders/{read.pk}/readers/signed/"
    form = client_of(people.curator).post(url, {"rows": rows, "day": day.isoformat()}).context["signed"]
    assert "не раньше 01.09.2022" in form.non_field_errors()[0]
    assert mark_signed(order=read, rows=rows, day=dt.date(2022, 9, 1), actor=people.curator) == 2


def test_nobody_chosen_is_said_beside_the_field(read, people, client_of):
    url = f"/cabinet/orders/{read.pk}/readers/signed/"
    form = client_of(people.curator).post(url, {"day": "2022-09-02"}).context["signed"]
    assert form.errors == {"rows": ["Отметьте хотя бы одного человека."]}


def test_reader_is_added_asked_and_taken_out(read, people, client_of):
    client = client_of(people.curator)
    client.post(f"/cabinet/orders/{read.pk}/readers/add/", {"user": people.psychologist.pk})
    row = row_of(read, people.psychologist.full_name)
    assert Letter.objects.filter(user=people.psychologist, subject__contains="71-б").count() == 1
    with pytest.raises(Refused, match="уже есть"):
        add_reader(order=read, name=row.name, user=None, actor=people.curator)
    client.post(f"/cabinet/readers/{row.pk}/remove/")
    assert Acquaintance.objects.filter(pk=row.pk).count() == 0


def test_whoever_has_read_stays_in_the_sheet(read, people):
    row = row_of(read, "Константинопольская")
    mark_read(row=row, actor=people.teacher)
    with pytest.raises(Refused, match="запись остаётся"):
        remove_reader(row=row, actor=people.curator)


def test_empty_addition_is_explained(read, people, client_of):
    form = client_of(people.curator).post(f"/cabinet/orders/{read.pk}/readers/add/", {}).context["reader"]
    assert list(form.errors) == ["name"]


def test_sheet_needs_an_approved_order(draft, people, client_of):
    order = draft(people=[1])
    assert client_of(people.curator).get(f"/cabinet/orders/{order.pk}/readers/").status_code == 302
    with pytest.raises(Refused):
        add_reader(order=order, name="Кто-то", user=None, actor=people.curator)


def test_sheet_belongs_to_the_curator_and_its_school(read, people, client_of):
    paths = ("readers/", "readers/add/", "readers/signed/", "scans/add/")
    teacher, stranger = client_of(people.teacher), client_of(people.stranger)
    urls = [f"/cabinet/orders/{read.pk}/{path}" for path in paths]
    assert [teacher.post(url).status_code for url in urls] == [403] * 4
    assert [stranger.post(url).status_code for url in urls] == [404] * 4
    assert "reader" not in [name for name in ("reader",) if client_of(people.inspector).get(urls[0]).context[name]]


def test_sheet_asks_as_many_queries_for_three_as_for_one(approved, people, client_of, queries):
    client = client_of(people.curator)
    one, three = approved(people=[1], number="1"), approved(people=[1, 2, 3], number="2")
    found = [queries(client, f"/cabinet/orders/{order.pk}/readers/") for order in (one, three)]
    assert found[0] == found[1]


def test_scan_is_kept_with_its_sum_and_never_rewritten(read, people, client_of):
    client = client_of(people.director)
    client.post(f"/cabinet/orders/{read.pk}/scans/add/", {"kind": "order", "file": SimpleUploadedFile("скан.pdf", PDF)})
    scan = SignedScan.objects.get()
    assert b"".join(client.get(f"/cabinet/orders/{read.pk}/scans/{scan.pk}/")) == PDF
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedScan.objects.update(sha256="0")
    client.post(f"/cabinet/scans/{scan.pk}/withdraw/")
    assert client.get(f"/cabinet/orders/{read.pk}/scans/{scan.pk}/").status_code == 404


def test_scan_is_rewritten_where_nothing_guards_it(read, people, client_of):
    client_of(people.director).post(
        f"/cabinet/orders/{read.pk}/scans/add/", {"kind": "order", "file": SimpleUploadedFile("скан.pdf", PDF)}
    )
    with transaction.atomic():
        connection.cursor().execute(
            "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE orders_signedscan DISABLE TRIGGER signed_scan_is_kept"
        )
        assert SignedScan.objects.update(sha256="0") == 1
        transaction.set_rollback(True)


def test_program_is_no_scan(read, people, client_of):
    url = f"/cabinet/orders/{read.pk}/scans/add/"
    page = client_of(people.director).post(url, {"kind": "order", "file": SimpleUploadedFile("a.pdf", b"MZ1234")})
    assert (list(page.context["scan_form"].errors), SignedScan.objects.count()) == (["file"], 0)


@pytest.mark.django_db(transaction=True)
def test_two_marks_at_once_leave_one(approved, people):
    User.objects.filter(pk=people.teacher.pk).update(full_name=PEOPLE[1][0])
    row = row_of(approved(people=[1]), "Константинопольская")
    barrier, outcomes = threading.Barrier(2), []

    def mark() -> None:
        barrier.wait()
        try:
            mark_read(row=row, actor=people.teacher)
            outcomes.append("marked")
        except Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=mark) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(outcomes), JournalEntry.objects.about(row).count()) == (["marked", "refused"], 1)
