"""What is refused before anything looks at a request: characters that neither the database nor a person can read."""

from collections.abc import Callable, Iterable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError

MULTIPART = "multipart/form-data"
NUL = "\0"
# What Django puts in place of bytes that are not UTF-8.
REPLACEMENT = "\ufffd"


class RejectInvalidInput:
    """Answers 400 to NUL characters and to bytes that are not UTF-8 in the path, the query, cookies and form fields.

    PostgreSQL stores neither, so without this any text field of any page could be made to fail with 500.
    Contents of uploaded files are not looked at.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        checks = _is_readable_address(request), _are_readable(request.COOKIES.values()), _is_readable_form(request)
        if not all(checks):
            raise BadRequest("В адресе или в форме есть символы, которые нельзя прочитать. Введите текст заново.")
        return self.get_response(request)


def _is_readable_address(request: HttpRequest) -> bool:
    # WSGI hands the path over as Latin-1; Django would quietly re-quote what it cannot decode.
    path = request.META.get("PATH_INFO", "").encode("latin-1", "replace")
    query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
    return _is_readable(path) and _is_readable(query)


def _is_readable_form(request: HttpRequest) -> bool:
    if request.method not in {"POST", "PUT", "PATCH"}:
        return True
    try:
        if request.content_type == MULTIPART:
            fields = [*request.POST, *(value for values in request.POST.lists() for value in values[1])]
            return _are_readable(fields) and not any(REPLACEMENT in field for field in fields)
        return _is_readable(unquote_to_bytes(request.body))
    except UnreadablePostError as error:
        raise BadRequest("Соединение прервалось, форма пришла не целиком. Отправьте её ещё раз.") from error


def _are_readable(values: Iterable[str]) -> bool:
    return not any(NUL in value for value in values)


def _is_readable(raw: bytes) -> bool:
    try:
        return NUL not in raw.decode()
    except UnicodeDecodeError:
        return False
