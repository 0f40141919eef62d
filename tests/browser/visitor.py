"""Plain HTTP without a browser: somebody with cookies, and the forms of a page as their fields really are."""

from __future__ import annotations

import http.client
import re
import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote_from_bytes, urlencode, urljoin, urlsplit

from tests.browser.conftest import PASSWORD, Portal

CSRF = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Upload:
    """A file as a browser sends it."""

    name: str
    content: bytes
    content_type: str = "application/pdf"


Value = str | bytes | Upload
Sent = list[tuple[str, Value]]


# --- Forms of a page --------------------------------------------------------------------------------------------------
@dataclass(eq=False)
class Field:
    """One name of a form: what it holds now, what it offers, how long it may be."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    maxlength: int | None = None
    required: bool = False
    errors: str = ""

    @property
    def is_choice(self) -> bool:
        return self.kind in ("select", "radio", "group")

    @property
    def keeps(self) -> bool:
        """Whether what was typed has to come back with a refusal."""
        return self.kind not in ("password", "file", "checkbox", "hidden") and not self.is_choice


@dataclass
class Form:
    """A form of a page; `buttons` are the named ones with their values."""

    action: str
    method: str
    multipart: bool
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def shape(self) -> tuple[str, ...]:
        """What makes two forms the same: names without the numbers of rows in them."""
        return tuple(sorted({re.sub(r"\d+", "#", name) for name in self.fields}))


class Page(HTMLParser):
    """Reads the forms, the words of refusal beside their fields, and the links with their queries."""

    def __init__(self, text: str, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path, self.forms, self.links = path, [], []
        self.summary = ""
        self._form: Form | None = None
        self._field: Field | None = None
        self._text: list[str] | None = None
        self._listening, self._depth = "", 0
        self._near: Field | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in got:
            self.links.append(urljoin(self.path, got["href"]))
        if tag == "form":
            action = urlsplit(urljoin(self.path, got.get("action", "") or self.path)).path
            self._form = Form(action, got.get("method", "get").lower(), "multipart" in got.get("enctype", ""))
            self.forms.append(self._form)
        self._listen(tag, got)
        if self._form is not None:
            self._take(tag, got)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._field is not None and self._field.kind == "select":
            # A browser sends the first line of a list in which nothing is chosen.
            self._field.values = self._field.values or self._field.options[:1]
        elif tag == "textarea" and self._field is not None and self._text is not None:
            self._field.values, self._text = ["".join(self._text).removeprefix("\n")], None
        if self._listening and tag == self._listening:
            self._depth -= 1
            self._listening = self._listening if self._depth else ""

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)
        elif self._listening and self._near is None:
            self.summary += data
        elif self._listening:
            self._near.errors += data

    def _listen(self, tag: str, got: dict[str, str]) -> None:
        """Follow a refusal from its opening to its closing tag: beside a field, the list above all, a message."""
        if self._listening:
            self._depth += tag == self._listening
            return
        near = "invalid-feedback" in got.get("class", "").split()
        classes = got.get("class", "").split()
        said = "notes" in classes and "hidden" not in got
        if not near and not said and got.get("id") != "errors" and "errornote" not in classes:
            return
        self._listening, self._depth = tag, 1
        named = re.fullmatch(r"error_\d+_id_(.+)|id_(.+)_error", got.get("id", ""))
        name = (named[1] or named[2]) if named else ""
        fields = self._form.fields if self._form else {}
        self._near = fields.get(name, self._field) if near else None

    def _take(self, tag: str, got: dict[str, str]) -> None:
        name, form = got.get("name", ""), self._form
        if form is None or "disabled" in got:
            return
        if tag == "button" and name:
            form.buttons.append((name, got.get("value", "")))
        elif tag in ("input", "select", "textarea") and name and name != CSRF:
            getattr(self, f"_take_{tag}")(form, name, got)
        elif tag == "option" and self._field is not None:
            self._field.options.append(got.get("value", ""))
            if "selected" in got:
                self._field.values.append(got.get("value", ""))

    def _take_input(self, form: Form, name: str, got: dict[str, str]) -> None:
        kind, value = got.get("type", "text"), got.get("value", "")
        if kind in ("submit", "image", "reset", "button"):
            return
        if kind == "checkbox" and value not in ("", "on"):
            kind = "group"
        self._field = one = form.fields.setdefault(name, self._field_of(name, kind, got))
        if kind in ("checkbox", "radio", "group"):
            one.options.append(value or "on")
            if "checked" in got:
                one.values.append(value or "on")
        elif kind != "file":
            one.values = [value]

    def _take_select(self, form: Form, name: str, got: dict[str, str]) -> None:
        self._field = form.fields[name] = self._field_of(name, "select", got)

    def _take_textarea(self, form: Form, name: str, got: dict[str, str]) -> None:
        self._field = form.fields[name] = self._field_of(name, "textarea", got)
        self._text = []

    def _field_of(self, name: str, kind: str, got: dict[str, str]) -> Field:
        longest = got.get("maxlength", "")
        return Field(name, kind, maxlength=int(longest) if longest else None, required="required" in got)


# --- A visitor --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def text(self) -> str:
        return self.body.decode()

    @property
    def is_page(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/html")


class Visitor:
    """Somebody with cookies and without a browser. `broken` lists every answer of 500 and above."""

    def __init__(self, portal: Portal, login: str) -> None:
        self.address = portal.address
        self.cookies: dict[str, str] = {}
        self.broken: list[str] = []
        self.get("/accounts/login/")
        if login:
            answer = self.post("/accounts/login/", [("username", login), ("password", PASSWORD)])
            assert answer.status == 302, f"{login} cannot sign in: {answer.status}"

    @property
    def context(self) -> Any:
        """What the walk of a browser asks for."""
        return SimpleNamespace(request=self)

    def get(self, url: str, max_redirects: int = 0) -> Answer:
        return self._send("GET", url.removeprefix(self.address), b"", {})

    def post(self, path: str, sent: Sent, *, multipart: bool = False, token: bool = True) -> Answer:
        if token:
            sent = [(CSRF, self.cookies.get("csrftoken", "")), *sent]
        body, content_type = as_multipart(sent) if multipart else as_query(sent)
        return self._send("POST", path, body, {"Content-Type": content_type})

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=120)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body or None, {**headers, "Cookie": cookies})
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
            names = {name.lower(): value for name, value in response.headers.items()}
            answer = Answer(response.status, names, response.read())
        finally:
            connection.close()
        if answer.status >= 500:
            self.broken.append(f"{method} {path[:200]}: {answer.status}")
        return answer


def in_bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def as_query(sent: Sent) -> tuple[bytes, str]:
    """The body of an ordinary form; files are sent by their names, as a browser does."""
    pairs = [(in_bytes(name), in_bytes(value.name if isinstance(value, Upload) else value)) for name, value in sent]
    return urlencode(pairs, quote_via=lambda text, *rest: quote_from_bytes(text)).encode(), (
        "application/x-www-form-urlencoded"
    )


def as_multipart(sent: Sent) -> tuple[bytes, str]:
    """The body of a form with files."""
    boundary = uuid.uuid4().hex
    parts = []
    for name, value in sent:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, Upload):
            head += f'; filename="{value.name}"\r\nContent-Type: {value.content_type}'
        parts.append(in_bytes(head) + b"\r\n\r\n" + in_bytes(value.content if isinstance(value, Upload) else value))
    return b"\r\n".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"
