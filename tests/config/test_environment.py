"""What the environment says is read exactly, and what cannot be read ends in one sentence."""

import os
import stat
import threading

import pytest

from config import environment
from config.environment import BadSettingError, database_from_url, email_from_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://portal:secret@db.ru:5433/portal", ("portal", "portal", "secret", "db.ru", "5433", {})),
        ("postgres://portal@localhost/portal", ("portal", "portal", "", "localhost", "", {})),
        ("postgresql:///portal", ("portal", "", "", "", "", {})),
        ("postgresql://u:p%40ss%2Fword%3A@h/base", ("base", "u", "p@ss/word:", "h", "", {})),
        ("postgresql://u@/portal?host=/run/postgresql&port=5433", ("portal", "u", "", "/run/postgresql", "5433", {})),
        ("postgresql://u@%2Frun%2Fpostgresql/portal", ("portal", "u", "", "/run/postgresql", "", {})),
        ("postgresql://u@[::1]:5432/portal", ("portal", "u", "", "::1", "5432", {})),
        ("postgresql://u@h/%D0%BF%D0%BE%D1%80%D1%82%D0%B0%D0%BB", ("портал", "u", "", "h", "", {})),
        (
            "postgresql://u@h/portal?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            ("portal", "u", "", "h", "", {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}),
        ),
    ],
)
def test_database_url_is_read(url, expected):
    found = database_from_url(url)
    assert tuple(found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == expected


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("mysql://u:secret@h/portal", "«mysql://»: postgresql://"),
        ("portal", "«://»: postgresql://"),
        ("postgresql://u:secret@h", "postgresql://user:password@host:5432/name"),
        ("postgresql://u:secret@h/a/b", "postgresql://user:password@host:5432/name"),
        ("postgresql://u:secret@h:порт/portal", "postgresql://user:password@host:5432/name"),
        ("postgresql://u:secret@[::1/portal", "postgresql://user:password@host:5432/name"),
        ("postgresql://u:secret@h/portal?pool=5", "?pool="),
    ],
)
def test_database_url_that_cannot_be_read_is_refused_without_showing_the_password(url, complaint):
    with pytest.raises(BadSettingError) as refusal:
        database_from_url(url)
    assert str(refusal.value) == complaint


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.school.ru", ("mail.school.ru", 25, "", "", False, False)),
        ("smtp://u%40a.ru:p%3Aw@mail.school.ru/?tls=1", ("mail.school.ru", 587, "u@a.ru", "p:w", False, True)),
        ("smtps://u:p@mail.school.ru", ("mail.school.ru", 465, "u", "p", True, False)),
        ("smtps://u:p@mail.school.ru:4650/?tls=1", ("mail.school.ru", 4650, "u", "p", True, False)),
    ],
)
def test_email_url_is_read(url, expected):
    found = email_from_url(url)
    keys = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS")
    assert tuple(found[f"EMAIL_{key}"] for key in keys) == expected


@pytest.mark.parametrize("url", ["http://mail.school.ru", "smtp://", "smtp://h:порт/"])
def test_email_url_that_cannot_be_read_is_refused(url):
    with pytest.raises(BadSettingError):
        email_from_url(url)


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("Yes", True), ("0", False), ("off", False), ("", True)])
def test_flag_is_read(value, expected):
    assert environment.flag("DEBUG", default=True, environment={"DEBUG": value}) is expected


@pytest.mark.parametrize(
    ("read", "value"),
    [(environment.flag, "может быть"), (environment.whole_number, "-1"), (environment.whole_number, "²")],
)
def test_value_of_a_wrong_kind_ends_the_start(read, value, capsys):
    with pytest.raises(SystemExit) as leaving:
        read("PORT", 0, environment={"PORT": value})
    assert leaving.value.code == environment.EXIT_MISCONFIGURED
    assert capsys.readouterr().err.startswith(f"Портал не запущен: PORT – «{value}»: ожидается ")


def test_words_are_split_and_trimmed():
    assert environment.words("HOSTS", environment={"HOSTS": " a.ru, ,b.ru "}) == ["a.ru", "b.ru"]


def test_kept_secret_is_one_for_all_and_private(tmp_path):
    file, answers = tmp_path / "var" / "secret-key", []

    def ask(number: int) -> None:
        answers.append(environment.kept_secret(file, lambda: f"key {number}"))

    threads = [threading.Thread(target=ask, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [file.read_text()] * 8
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [place.name for place in file.parent.iterdir()] == ["secret-key"]


def test_kept_secret_needs_no_folder_to_write_to(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    assert environment.kept_secret(tmp_path / "var" / "secret-key", lambda: "own") == "own"


def test_var_folder_follows_the_environment(monkeypatch):
    monkeypatch.setenv("VAR_ROOT", "/srv/portal")
    assert os.fspath(environment.var_folder()) == "/srv/portal"
