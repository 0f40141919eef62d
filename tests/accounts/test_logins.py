"""Logins made from names."""

import pytest

from accounts.models import User
from accounts.services.logins import free_login, login_of


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("Иванова Анна Петровна", "ivanova.ap"),
        ("Щербакова Инна", "scherbakova.i"),
        ("Константинопольская-Добровольская Александра Вячеславовна", "konstantinopolskaya.av"),
        ("Мамедов Рашид Гусейн оглы", "mamedov.rg"),
        ("Ёлкин Юрий Яковлевич", "elkin.yy"),
        ("Подъячев Илья", "podyachev.i"),
        ("O'Хара Ян", "okhara.y"),
        ("Цой", "tsoy"),
        ("—", "user"),
        ("", "user"),
    ],
)
def test_login_is_read_from_the_name(name, login):
    assert login_of(name) == login


@pytest.mark.django_db
def test_taken_login_gets_the_first_free_number():
    for login in ("Ivanova.AP", "ivanova.ap3"):
        User.objects.create(username=login, full_name="Другая")
    assert free_login("Иванова Анна Петровна") == "ivanova.ap2"
    assert free_login("Иванова Анна Петровна", taken=["ivanova.ap2"]) == "ivanova.ap4"
    assert free_login("Иванов Антон Петрович") == "ivanov.ap"
