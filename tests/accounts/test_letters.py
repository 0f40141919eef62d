"""Letters: written with what they tell about, read by their addressee, sent once each whoever sends."""

import contextlib
import threading

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter, User
from accounts.models.letters import LetterQuerySet
from accounts.services import letters
from accounts.services.letters import MAX_ATTEMPTS, SUBJECT, delay_after, mark_read, send_due, send_next, write_letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(people):
    text = "Приказ № 7 утверждён."
    return write_letters([people.teacher], subject="Приказ утверждён", body=text, path="/cabinet/")[0]


# --- Writing --------------------------------------------------------------------------------------------------------
def test_each_person_gets_one_letter_and_mail_only_where_there_is_an_address(people):
    User.objects.filter(pk=people.curator.pk).update(email="")
    User.objects.filter(pk=people.director.pk).update(is_active=False)
    addressees = User.objects.filter(pk__in=[people.teacher.pk, people.curator.pk, people.director.pk])
    write_letters([*addressees, *addressees], subject="Тема", body="Текст")
    assert dict(Letter.objects.values_list("user__username", "delivery")) == {
        "teacher": "queued",
        "curator": "portal",
        "director": "portal",
    }
    assert Letter.objects.count() == 3


def test_rolled_back_action_leaves_no_letter(people):
    @transaction.atomic
    def fail():
        write_letters([people.teacher], subject="Тема", body="Текст")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (Letter.objects.count(), send_due(), mail.outbox) == (0, 0, [])


# --- Sending --------------------------------------------------------------------------------------------------------
def test_mail_carries_the_text_and_the_link_and_names_nobody_in_its_subject(letter, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    assert send_due() == 1
    sent = mail.outbox[0]
    assert (sent.subject, sent.to) == (SUBJECT, ["teacher@example.org"])
    assert sent.body == "Приказ № 7 утверждён.\n\nhttps://portal.example.org/cabinet/"
    letter.refresh_from_db()
    assert (letter.delivery, letter.attempts, letter.failure) == ("sent", 1, "")
    assert send_due() == 0


class Broken(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("нет связи")


def test_failing_server_puts_the_letter_off_and_keeps_it_in_the_inbox(letter, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    before = timezone.now()
    assert send_due() == 0
    letter.refresh_from_db()
    assert (letter.delivery, letter.attempts, letter.failure) == ("queued", 1, "ConnectionRefusedError")
    assert letter.next_try_at >= before + delay_after(1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_due() == 0
    Letter.objects.update(next_try_at=before)
    assert (send_due(), len(mail.outbox)) == (1, 1)


def test_failing_server_is_given_up_after_the_last_attempt(letter, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    for _ in range(MAX_ATTEMPTS + 2):
        Letter.objects.update(next_try_at=timezone.now())
        send_next()
    letter.refresh_from_db()
    assert (letter.delivery, letter.attempts) == ("failed", MAX_ATTEMPTS)


def test_one_bad_address_does_not_hold_the_others_up(people, settings):
    class Picky(EmailBackend):
        def send_messages(self, messages):
            if messages[0].to == ["teacher@example.org"]:
                raise ValueError
            return super().send_messages(messages)

    globals()["Picky"] = Picky
    settings.EMAIL_BACKEND = f"{__name__}.Picky"
    write_letters([people.teacher, people.curator, people.director], subject="Тема", body="Текст")
    assert send_due() == 2
    assert sorted(message.to[0] for message in mail.outbox) == ["curator@example.org", "director@example.org"]


def test_delay_doubles_up_to_six_hours():
    minutes = [delay_after(attempts).total_seconds() / 60 for attempts in (1, 2, 3, 8, 9, 10, 100)]
    assert minutes == [1, 2, 4, 128, 256, 360, 360]


def send_in_two_threads(people, monkeypatch) -> list[str]:
    """Two workers at once; each waits inside the sending until the other has chosen its letter too."""
    write_letters([people.teacher, people.curator], subject="Тема", body="Текст")
    barrier = threading.Barrier(2)
    original = letters.message_of

    def meet(letter):
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=5)
        return original(letter)

    def work():
        try:
            send_next()
        finally:
            connection.close()

    monkeypatch.setattr(letters, "message_of", meet)
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(message.to[0] for message in mail.outbox)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_letter_once(people, monkeypatch):
    assert send_in_two_threads(people, monkeypatch) == ["curator@example.org", "teacher@example.org"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_would_send_the_same_letter_without_the_lock(people, monkeypatch):
    monkeypatch.setattr(LetterQuerySet, "select_for_update", lambda rows, **options: rows)
    sent = send_in_two_threads(people, monkeypatch)
    assert (len(sent), len(set(sent))) == (2, 1)


# --- Reading --------------------------------------------------------------------------------------------------------
def test_inbox_shows_ones_own_letters_newest_first(client_of, people, letter):
    write_letters([people.curator], subject="Чужое", body="Не для педагога")
    newer = write_letters([people.teacher], subject="Второе", body="Текст")[0]
    page = client_of(people.teacher).get("/cabinet/letters/")
    assert list(page.context["page_obj"]) == [newer, letter]
    assert page.context["frame"].inbox_count == 2


def test_opening_a_letter_marks_it_as_read(client_of, people, letter):
    client = client_of(people.teacher)
    page = client.get(reverse("letter_detail", args=[letter.pk]))
    assert "Приказ № 7 утверждён." in page.content.decode()
    assert client.get("/cabinet/letters/").context["frame"].inbox_count == 0
    assert list(client.get("/cabinet/letters/?unread=1").context["page_obj"]) == []
    first = Letter.objects.get(pk=letter.pk).read_at
    client.get(reverse("letter_detail", args=[letter.pk]))
    assert Letter.objects.get(pk=letter.pk).read_at == first


def test_letter_of_somebody_else_is_not_found(client_of, people, letter):
    for other in (people.curator, people.director, people.admin, people.stranger):
        assert client_of(other).get(reverse("letter_detail", args=[letter.pk])).status_code == 404
    mark_read(letter=letter, actor=people.curator)
    assert Letter.objects.get(pk=letter.pk).read_at is None


def test_inbox_costs_the_same_for_one_letter_and_for_three(client_of, people, queries, school):
    client = client_of(people.teacher)
    counts = []
    for more in (1, 2):
        for number in range(more):
            write_letters([people.teacher], subject=f"Тема {number}", body="", organisation=school)
        counts.append(queries(client, "/cabinet/letters/"))
    assert counts == [9, 9]


def test_inbox_says_what_will_come_when_it_is_empty(client_of, people):
    client = client_of(people.teacher)
    assert "Писем пока нет" in client.get("/cabinet/letters/").content.decode()
    assert "Непрочитанных писем нет" in client.get("/cabinet/letters/?unread=1").content.decode()
