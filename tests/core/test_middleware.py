"""Characters that cannot be stored are refused at the door with 400."""

import pytest
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.test import Client, RequestFactory

from core.middleware import RejectInvalidInput

FORM = "application/x-www-form-urlencoded"


def passes(request: HttpRequest) -> bool:
    """Whether the request reaches what stands behind the door."""
    try:
        return RejectInvalidInput(lambda _request: HttpResponse("ok"))(request).content == b"ok"
    except BadRequest:
        return False


def asked(path: str = "/", query: str = "", cookies: dict[str, str] | None = None) -> HttpRequest:
    request = RequestFactory().get("/", QUERY_STRING=query)
    request.META["PATH_INFO"] = path
    request.COOKIES = cookies or {}
    return request


def sent(body: bytes, content_type: str = FORM) -> HttpRequest:
    return RequestFactory().generic("POST", "/", body, content_type=content_type)


def multipart(name: bytes, value: bytes, filename: bytes = b"") -> HttpRequest:
    about = b'; filename="' + filename + b'"' if filename else b""
    head = b'--B\r\nContent-Disposition: form-data; name="' + name + b'"' + about + b"\r\n\r\n"
    return sent(head + value + b"\r\n--B--\r\n", "multipart/form-data; boundary=B")


@pytest.mark.parametrize(
    "request_made",
    [
        asked(path="/s/\x00/"),
        asked(path="/s/\xff\xfe/"),
        asked(query="q=%00"),
        asked(query="q=%FF"),
        asked(query="q=%ED%A0%80"),
        asked(query="%00=1"),
        asked(cookies={"sessionid": "\x00abcdefgh"}),
        sent(b"name=a%00b"),
        sent(b"name=a\x00b"),
        sent(b"name=%D0"),
        sent(b"na%00me=a"),
        multipart(b"name", b"a\x00b"),
        multipart(b"name", b"\xd0"),
    ],
)
def test_unreadable_input_is_refused(request_made):
    assert passes(request_made) is False


@pytest.mark.parametrize(
    "request_made",
    [
        asked(path="/s/школа/".encode().decode("latin-1")),
        asked(query="q=%D0%81%D0%BB%D0%BA%D0%B0+%26&page=2"),
        asked(cookies={"sessionid": "abcdefgh"}),
        sent("name=Ёлкина Анна\r\nвторая строка 👩‍🏫".encode()),
        sent(b""),
        multipart(b"name", "Ёлкина".encode()),
        multipart(b"file", b"%PDF-1.7\x00\xff", filename=b"scan.pdf"),
    ],
)
def test_readable_input_passes(request_made):
    assert passes(request_made) is True


def test_broken_connection_is_a_bad_request_not_a_failure(monkeypatch):
    def broken(_request: HttpRequest) -> bytes:
        raise UnreadablePostError("the browser went away")

    monkeypatch.setattr(HttpRequest, "body", property(broken))
    assert passes(sent(b"name=a")) is False


@pytest.mark.django_db
def test_page_with_a_nul_in_its_query_answers_400(client: Client):
    assert client.get("/?q=%00").status_code == 400


@pytest.mark.django_db
def test_sign_in_with_a_nul_in_the_login_answers_400(client: Client):
    assert client.post("/accounts/login/", {"username": "a\x00b", "password": "x"}).status_code == 400
