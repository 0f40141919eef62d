"""Pages for what went wrong: they say what happened, and break nothing further."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.errors import bad_request, forbidden, not_found, reason_of, server_error

pytestmark = pytest.mark.django_db


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def test_reason_is_shown_only_where_the_code_gave_a_sentence():
    assert reason_of(PermissionDenied("Это может директор.")) == "Это может директор."
    assert [reason_of(one) for one in (None, PermissionDenied(), PermissionDenied(42))] == ["", "", ""]


def test_pages_have_their_status_and_words(rf: RequestFactory):
    request = rf.get("/x/")
    answers = [
        bad_request(request, BadRequest("В форме есть символы, которые нельзя прочитать.")),
        forbidden(request, PermissionDenied("Утверждение приказов: это может директор.")),
        not_found(request, Exception("/secret/path")),
        server_error(request),
    ]
    assert [one.status_code for one in answers] == [400, 403, 404, 500]
    assert "В форме есть символы" in text_of(answers[0])
    assert "Утверждение приказов: это может директор." in text_of(answers[1])
    assert "/secret/path" not in text_of(answers[2])


def test_server_error_and_bad_request_ask_nothing_of_the_database(rf: RequestFactory, django_db_blocker):
    request = rf.get("/x/", headers={"cookie": "low_vision=on-huge; sessionid=abc"})
    connection.close()
    with django_db_blocker.block():
        pages = [text_of(server_error(request)), text_of(bad_request(request))]
    assert ['class="low-vision lv-huge"' in page for page in pages] == [True, True]


def test_reason_is_escaped(rf: RequestFactory):
    assert "<b>" not in text_of(forbidden(rf.get("/x/"), PermissionDenied("<b>жирно</b>"))).replace("<b>Настав", "")


def test_unreadable_address_is_a_page_and_not_a_failure(client):
    for url in ("/%00/", "/cabinet/?q=%00", "/cabinet/?q=%FF"):
        response = client.get(url)
        assert (response.status_code, "нельзя прочитать" in text_of(response)) == (400, True)


def test_unknown_address_is_not_found_for_everybody(client, client_of, people):
    assert [one.get("/net-takoy/").status_code for one in (client, client_of(people.curator))] == [404, 404]
