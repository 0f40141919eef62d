"""A production copy starts only with everything it needs, and says in one sentence what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import EXIT_MISCONFIGURED

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "x7Kq0-jFv3mZ9pLd8WbT2nRc6YhG4sUe1oAiJ5kMfXzQwBtVyD",
    "ALLOWED_HOSTS": "portal.school.ru,www.portal.school.ru",
    "DATABASE_URL": "postgresql://portal:secret@db.school.ru/portal?sslmode=require",
}
SHOW = "from config import settings as s; print({})"


def python(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter that knows nothing but the given environment."""
    clean = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **environment}
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=clean, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("changes", "variable", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY", "секретный ключ не задан"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY", "ключ слишком простой, нужно от 50 знаков"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY", "ключ слишком простой, нужно от 50 знаков"),
        ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS", "не заданы имена сайта через запятую"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS", "звёздочка недопустима"),
        ({"DATABASE_URL": ""}, "DATABASE_URL", "не задан"),
        ({"DATABASE_URL": "mysql://u:secret@h/portal"}, "DATABASE_URL", "не удалось прочитать значение"),
        ({"EMAIL_URL": "mail.school.ru"}, "EMAIL_URL", "не удалось прочитать значение"),
        ({"DEBUG": "1"}, "DEBUG", "в рабочей копии недопустим"),
        ({"DEBUG": "maybe"}, "DEBUG", "ожидается 1 или 0"),
        ({"PORTAL_ENV": "staging"}, "PORTAL_ENV", "допустимо production или development"),
    ],
)
def test_production_does_not_start_with_a_bad_environment(changes, variable, sentence):
    answer = python("import config.settings", **{**GOOD, **changes})
    lines = answer.stderr.splitlines()

    assert answer.returncode == EXIT_MISCONFIGURED
    assert len(lines) == 2
    assert lines[0].startswith(f"Портал не запущен: {variable} – ")
    assert sentence in lines[0]
    assert lines[1].startswith(f"The portal did not start: {variable} – ")
    assert "secret@" not in answer.stderr


def test_production_starts_with_a_good_environment():
    expression = (
        "s.DEBUG, s.ALLOWED_HOSTS, s.PORTAL_URL, s.DATABASES['default']['HOST'], s.SESSION_COOKIE_SECURE, "
        "s.DATABASES['default']['OPTIONS']['sslmode'], s.SENDS_EMAIL"
    )
    answer = python(SHOW.format(expression), **GOOD)
    expected = (
        "False ['portal.school.ru', 'www.portal.school.ru'] https://portal.school.ru db.school.ru True require False\n"
    )
    assert (answer.stderr, answer.stdout) == ("", expected)


def test_web_server_without_an_environment_refuses_to_start():
    """A forgotten environment file must not bring up a developer's copy in public."""
    answer = python("import config.wsgi")
    assert answer.returncode == EXIT_MISCONFIGURED
    assert answer.stderr.startswith("Портал не запущен: SECRET_KEY – секретный ключ не задан")


def test_development_needs_no_environment(tmp_path):
    answer = python(SHOW.format("s.DEBUG, s.DATABASES['default']['NAME'], s.SENDS_EMAIL"), VAR_ROOT=str(tmp_path))
    assert (answer.stderr, answer.stdout) == ("", "True portal True\n")


def test_options_of_the_database_url_stand_beside_our_patience():
    expression = "s.DATABASES['default']['OPTIONS']"
    kept = python(SHOW.format(expression), **GOOD)
    patience = "-c lock_timeout=3000 -c statement_timeout=60000 -c idle_in_transaction_session_timeout=300000"
    assert kept.stdout == f"{{'options': '{patience}', 'sslmode': 'require'}}\n"


def test_manage_in_production_does_not_start_the_embedded_database(tmp_path):
    program = "import manage; manage.main(['manage.py', 'check'])"
    answer = python(program, VAR_ROOT=str(tmp_path), PORTAL_ENV="production")
    assert answer.returncode == EXIT_MISCONFIGURED
    assert answer.stderr.startswith("Портал не запущен: SECRET_KEY – ")
    assert list(tmp_path.iterdir()) == []
