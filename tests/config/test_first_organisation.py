"""The first organisation of an empty portal: its administrator can sign in, and there is no second time."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.models import Membership, Organisation, User
from core.models import JournalEntry

ANSWERS = {
    "name": "МБОУ СОШ № 1",
    "slug": "sosh1",
    "place": "г. Приозёрск",
    "head": "Громова Елена Павловна",
    "admin_login": "ivanov",
    "admin_name": "Иванов Пётр Сергеевич",
}


def test_first_organisation_gets_an_administrator_who_can_sign_in(db, capsys, client: Client):
    call_command("first_organisation", **ANSWERS)
    password = capsys.readouterr().out.splitlines()[1].rpartition(" ")[2]
    answer = client.post("/accounts/login/", {"username": "ivanov", "password": password})

    assert Organisation.objects.values_list("name", "full_name", "head_post").get() == (
        "МБОУ СОШ № 1",
        "МБОУ СОШ № 1",
        "Директор",
    )
    assert Membership.objects.values_list("user__username", "role", "organisation__slug").get() == (
        "ivanov",
        "administrator",
        "sosh1",
    )
    assert answer.status_code == 302
    assert User.objects.get().must_change_password is True
    assert list(JournalEntry.objects.order_by("pk").values_list("actor_name", flat=True)) == ["портал", "портал"]


def test_second_time_is_refused(school):
    with pytest.raises(CommandError, match="^В портале уже есть организации"):
        call_command("first_organisation", **ANSWERS)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [({"slug": "школа 1"}, "slug: "), ({"admin_login": "a b"}, "username: "), ({"place": "г" * 101}, "place: ")],
)
def test_wrong_answer_is_named_and_nothing_is_created(db, changes, complaint):
    with pytest.raises(CommandError, match=f"^{complaint}"):
        call_command("first_organisation", **{**ANSWERS, **changes})
    assert (Organisation.objects.count(), User.objects.count()) == (0, 0)
