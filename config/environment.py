"""Reading the environment: small parsers that end with one clear sentence instead of a traceback."""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

# EX_CONFIG of sysexits.h: the unit files tell systemd not to restart after it.
EXIT_MISCONFIGURED = 78
SECRET_KEY_LENGTH = 50
SECRET_KEY_CHARACTERS = 5
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}
# libpq parameters that may stand after «?» and are handed on as they are.
LIBPQ_OPTIONS = {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name", "options"}


class BadSettingError(ValueError):
    """A value of the environment that the portal cannot work with; the text is for the administrator."""


def refuse(variable: str, russian: str, english: str) -> NoReturn:
    """Say in two languages what is wrong with a variable and leave with the code of a configuration error."""
    sys.stderr.write(f"Портал не запущен: {variable} – {russian}\nThe portal did not start: {variable} – {english}\n")
    sys.exit(EXIT_MISCONFIGURED)


def read(variable: str, parse: Callable[[str], dict[str, Any]], value: str) -> dict[str, Any]:
    """The parsed value of a variable; what cannot be parsed ends the start with one sentence."""
    try:
        return parse(value)
    except BadSettingError as error:
        refuse(variable, f"не удалось прочитать значение: {error}", f"cannot be read: {error}")


def text(name: str, default: str = "", *, environment: Mapping[str, str] = os.environ) -> str:
    """The value without surrounding spaces; an empty value counts as absent."""
    return environment.get(name, "").strip() or default


def var_folder() -> Path:
    """Where a trial or a developer's copy keeps what it writes: VAR_ROOT, else `var` beside the programs."""
    return Path(text("VAR_ROOT", str(Path(__file__).resolve().parent.parent / "var")))


def words(name: str, *, environment: Mapping[str, str] = os.environ) -> list[str]:
    """The comma-separated values, empty ones dropped."""
    return [part.strip() for part in environment.get(name, "").split(",") if part.strip()]


def flag(name: str, default: bool, *, environment: Mapping[str, str] = os.environ) -> bool:
    """Yes or no; anything that is neither ends the start."""
    value = text(name, environment=environment).lower()
    if not value:
        return default
    if value in TRUE_WORDS | FALSE_WORDS:
        return value in TRUE_WORDS
    refuse(name, f"«{value}»: ожидается 1 или 0.", "must be 1 or 0.")


def whole_number(name: str, default: int, *, environment: Mapping[str, str] = os.environ) -> int:
    """A whole non-negative number; anything else ends the start."""
    value = text(name, environment=environment)
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        refuse(name, f"«{value}»: ожидается целое число.", "must be a whole number.")
    return int(value)


def database_from_url(url: str) -> dict[str, Any]:
    """Django's settings of a database given as `postgresql://user:password@host:port/name?sslmode=require`.

    A socket is given as `postgresql://user@/name?host=/run/postgresql`. Raises BadSettingError, which never
    shows the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadSettingError("postgresql://user:password@host:5432/name") from error
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadSettingError(f"«{parts.scheme}://»: postgresql://")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise BadSettingError("postgresql://user:password@host:5432/name")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = query.pop("host", None) or unquote(parts.hostname or "")
    port_text = query.pop("port", None) or str(port or "")
    if unknown := sorted(set(query) - LIBPQ_OPTIONS):
        raise BadSettingError(f"?{unknown[0]}=")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port_text,
        "OPTIONS": query,
    }


def email_from_url(url: str) -> dict[str, Any]:
    """Django's e-mail settings given as `smtp://user:password@host:587/?tls=1` or `smtps://…:465/`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadSettingError("smtp://user:password@host:587/?tls=1") from error
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadSettingError("smtp://user:password@host:587/?tls=1")
    implicit = parts.scheme == "smtps"
    starttls = dict(parse_qsl(parts.query)).get("tls", "0").lower() in TRUE_WORDS
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if implicit else 587 if starttls else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": starttls and not implicit,
    }


def check_secret_key(key: str) -> None:
    """A production copy starts only with a secret that cannot be guessed."""
    command = "python3 -c 'import secrets; print(secrets.token_urlsafe(60))'"
    if not key:
        refuse("SECRET_KEY", f"секретный ключ не задан; создать: {command}", f"is not set; make one: {command}")
    if len(key) < SECRET_KEY_LENGTH or len(set(key)) < SECRET_KEY_CHARACTERS:
        refuse("SECRET_KEY", f"ключ слишком простой, нужно от 50 знаков; создать: {command}", f"is too weak: {command}")


def check_allowed_hosts(hosts: list[str]) -> None:
    """A production copy answers only to the names it was given."""
    if not hosts:
        refuse("ALLOWED_HOSTS", "не заданы имена сайта через запятую.", "is not set: host names separated by commas.")
    if "*" in hosts:
        refuse("ALLOWED_HOSTS", "звёздочка недопустима, перечислите имена сайта.", "must list host names, not «*».")


def kept_secret(file: Path, make: Callable[[], str]) -> str:
    """The secret of a trial copy, made once and kept beside its data; several processes get the same one.

    Where the folder cannot be written to, each process gets its own.
    """
    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=".secret-") as draft:
                draft.write(make())
                draft.flush()
                _link_unless_exists(Path(draft.name), file)
        return file.read_text().strip()
    except OSError:
        return make()


def _link_unless_exists(draft: Path, file: Path) -> None:
    """Give the finished draft its name; whoever was first wins."""
    try:
        os.link(draft, file)
    except FileExistsError:
        return
