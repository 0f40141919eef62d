"""Pages of the federal forms and of snapshots: who may open and download, what is shown, what is written down."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.models import JournalEntry
from mentorship.models import BankRole, BankSnapshot, Consent
from mentorship.services.consents import withdraw_consent
from mentorship.views import federal
from tests.mentorship.builders import agree, card, day
from tests.mentorship.federal import banked, draft, snapshot

FORM, LIST, NEW = "/cabinet/banks/form/", "/cabinet/banks/snapshots/", "/cabinet/banks/snapshots/new/"
FILES = [f"/cabinet/banks/form.{form}?role=mentor" for form in ("xlsx", "pdf", "docx")]


@pytest.fixture
def bank(mentor, people) -> None:
    banked(mentor, BankRole.MENTOR, people)


@pytest.fixture
def frozen(bank, people, school) -> BankSnapshot:
    return snapshot(people, school)


def shown(response) -> list[str]:
    return [row[1] for row in response.context["table"].rows]


# --- Who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "seen", "exported", "changed"),
    [
        ("curator", 200, 200, 302),
        ("director", 200, 200, 403),
        ("inspector", 200, 403, 403),
        ("psychologist", 403, 403, 403),
        ("methodical_union", 403, 403, 403),
        ("teacher", 403, 403, 403),
    ],
)
def test_pages_open_to_those_who_may(frozen, people, client_of, who, seen, exported, changed) -> None:
    client = client_of(getattr(people, who))
    detail = reverse("snapshot_detail", args=[frozen.pk])
    assert [client.get(url).status_code for url in (FORM, LIST, detail)] == [seen] * 3
    own = reverse("snapshot_file", args=[frozen.pk, "xlsx"])
    assert [client.get(url).status_code for url in (FILES[0], own)] == [exported] * 2
    assert client.post(NEW, {"role": "mentor"}).status_code == changed
    delete = reverse("snapshot_delete", args=[frozen.pk])
    assert client.get(delete).status_code == {302: 200}.get(changed, changed)


def test_snapshot_of_another_school_is_not_found(frozen, people, client_of) -> None:
    client = client_of(people.stranger)
    names = ("snapshot_detail", "snapshot_delete")
    urls = [reverse(name, args=[frozen.pk]) for name in names] + [reverse("snapshot_file", args=[frozen.pk, "pdf"])]
    assert [client.get(url).status_code for url in urls] == [404] * 3
    assert (shown(client.get(FORM)), list(client.get(LIST).context["page_obj"])) == ([], [])


def test_new_snapshot_takes_only_a_post_with_a_bank(bank, people, client_of) -> None:
    client = client_of(people.curator)
    assert client.get(NEW).status_code == 405
    assert client.post(NEW, {"role": "бред"}).status_code == 404
    assert client.post(NEW, {"role": "mentee"}, follow=True).content.decode().count("сначала внесите людей в банк") == 1
    response = client.post(NEW, {"role": "mentor"})
    assert response.url == reverse("snapshot_detail", args=[BankSnapshot.objects.get().pk])


# --- The form ---------------------------------------------------------------------------------------------------------
def test_form_shows_the_bank_by_address(bank, mentee, school, people, client_of) -> None:
    banked(mentee, BankRole.MENTEE, people)
    pupil = card(school, "Ивин Пётр Ильич", "", category="pupil", birth_year=2015)
    agree(pupil, "processing", people.curator, representative="Ивина Анна Львовна", relation="мать")
    banked(pupil, BankRole.MENTEE, people)
    client = client_of(people.curator)
    assert shown(client.get(FORM)) == ["Верескова Алла Петровна"]
    assert shown(client.get(f"{FORM}?role=mentee")) == ["Ивин Пётр Ильич", "Ольхин Борис Викторович"]
    assert shown(client.get(f"{FORM}?role=mentee&people=pupils")) == ["Ивин Пётр Ильич"]
    assert shown(client.get(f"{FORM}?role=mentee&people=бред")) == ["Ивин Пётр Ильич", "Ольхин Борис Викторович"]


def test_empty_form_says_what_to_do(people, client_of) -> None:
    client = client_of(people.curator)
    assert "В форме пока никого" in client.get(FORM).content.decode()
    assert "Никто не подошёл" in client.get(f"{FORM}?people=pupils").content.decode()
    assert "Снимков пока нет" in client.get(LIST).content.decode()


def test_form_costs_the_same_for_one_and_three(bank, school, people, client_of, queries) -> None:
    client = client_of(people.curator)
    before = queries(client, FORM)
    for surname in ("Ивин", "Осин"):
        banked(card(school, f"{surname} Пётр Ильич"), BankRole.MENTOR, people)
    assert (before, queries(client, FORM)) == (15, 15)


def test_list_of_snapshots_costs_the_same_for_one_and_three(frozen, school, people, client_of, queries) -> None:
    client = client_of(people.curator)
    before = queries(client, LIST)
    snapshot(people, school)
    draft(people, snapshot(people, school))
    assert (before, queries(client, LIST)) == (10, 10)


def test_list_never_reads_the_rows(frozen, people, client_of) -> None:
    [listed] = client_of(people.curator).get(LIST).context["page_obj"]
    assert (listed.size, listed.get_deferred_fields()) == (1, {"rows", "people", "columns"})


# --- Files ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("url", FILES)
def test_every_export_is_written_down(bank, people, client_of, url) -> None:
    response = client_of(people.director).get(url)
    form = url.split(".")[1].split("?")[0]
    entry = JournalEntry.objects.latest("pk")
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert (entry.event, entry.text, entry.actor) == (
        "mentorship.participant.export",
        f"Выгружен банк наставников: 1 строка ({form.upper()}).",
        people.director,
    )


def test_export_carries_the_filter(bank, people, client_of) -> None:
    client_of(people.curator).get("/cabinet/banks/form.xlsx?role=mentor&people=pupils")
    assert JournalEntry.objects.latest("pk").text == "Выгружен банк наставников: 0 строк (XLSX)."


def test_unknown_format_is_not_found_and_not_written_down(frozen, people, client_of, journal_count) -> None:
    before, client = journal_count(), client_of(people.curator)
    urls = ("/cabinet/banks/form.exe", reverse("snapshot_file", args=[frozen.pk, "csv"]))
    assert ([client.get(url).status_code for url in urls], journal_count()) == ([404, 404], before)


def test_pdf_too_long_to_wait_for_is_refused_in_words(bank, people, client_of, monkeypatch, journal_count) -> None:
    before, client = journal_count(), client_of(people.curator)
    monkeypatch.setattr(federal, "MOST_PDF_ROWS", 0)
    response = client.get(FILES[1], follow=True)
    assert "Скачайте таблицу Excel или документ Word" in response.content.decode()
    assert (response.redirect_chain[-1][0], journal_count()) == (f"{FORM}?role=mentor", before)
    assert client.get(FILES[0]).status_code == 200


# --- A snapshot -------------------------------------------------------------------------------------------------------
def test_snapshot_page_leads_to_its_order(frozen, people, client_of) -> None:
    client, url = client_of(people.curator), reverse("snapshot_detail", args=[frozen.pk])
    assert f"/cabinet/orders/new/bank/?snapshots={frozen.pk}" in client.get(url).content.decode()
    order = draft(people, frozen)
    html = client.get(url).content.decode()
    assert (reverse("order_detail", args=[order.pk]) in html, "Составить приказ" in html) == (True, False)
    refused = client.post(reverse("snapshot_delete", args=[frozen.pk]), follow=True)
    assert "Сначала уберите его оттуда" in refused.content.decode()


def test_snapshot_page_deletes(frozen, people, client_of) -> None:
    client = client_of(people.curator)
    assert client.post(reverse("snapshot_delete", args=[frozen.pk])).url == LIST
    assert BankSnapshot.objects.count() == 0


def test_withdrawal_hides_the_person_on_the_next_page_and_in_every_file(frozen, mentor, people, client_of) -> None:
    client = client_of(people.curator)
    consent = Consent.objects.get(participant=mentor, kind="processing")
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    response = client.get(reverse("snapshot_detail", args=[frozen.pk]))
    html = response.content.decode()
    assert ("Вереск" in html, response.context["withdrawn"], "Составить приказ" in html) == (False, 1, False)
    later = client.get(FORM)
    assert shown(later) == []


def test_second_snapshot_tells_what_has_changed(frozen, school, people, client_of) -> None:
    banked(card(school, "Ивин Пётр Ильич"), BankRole.MENTOR, people)
    later = snapshot(people, school)
    client = client_of(people.inspector)
    assert client.get(reverse("snapshot_detail", args=[frozen.pk])).context["difference"] is None
    found = client.get(reverse("snapshot_detail", args=[later.pk])).context["difference"]
    assert (found.earlier, found.added, found.gone) == (frozen, ["Ивин Пётр Ильич"], [])


@pytest.mark.parametrize(
    ("who", "links"),
    [("curator", (True, True)), ("psychologist", (True, False)), ("methodical_union", (False, False))],
)
def test_bank_page_leads_to_what_the_reader_may_open(bank, people, client_of, who, links) -> None:
    html = client_of(getattr(people, who)).get("/cabinet/banks/").content.decode()
    assert ("/cabinet/banks/interviews/" in html, FORM in html) == links
