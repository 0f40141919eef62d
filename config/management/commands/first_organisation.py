"""`manage.py first_organisation`: the first organisation of an empty portal and its administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Organisation, User
from accounts.models.organisations import OrganisationKind
from accounts.permissions import Role
from accounts.services.passwords import one_time_password
from accounts.services.people import create_user
from core.journal import record
from core.transitions import Refused


class Command(BaseCommand):
    """Only for an empty portal: from then on people and organisations are added on its pages."""

    help = "Создаёт первую организацию и её администратора, печатает одноразовый пароль."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What an organisation and a person cannot do without; the rest is entered on the pages."""
        parser.add_argument("--name", required=True, help="краткое наименование, например «МБОУ СОШ № 1»")
        parser.add_argument("--full-name", default="", help="полное наименование, как в шапке приказа")
        parser.add_argument("--slug", required=True, help="адрес открытого раздела: латинские буквы, цифры, дефис")
        parser.add_argument("--place", required=True, help="место издания документов, например «г. Приозёрск»")
        parser.add_argument("--head", required=True, help="фамилия, имя и отчество руководителя")
        parser.add_argument("--head-post", default="Директор", help="должность руководителя")
        parser.add_argument("--kind", choices=OrganisationKind.values, default=OrganisationKind.SCHOOL)
        parser.add_argument("--admin-login", required=True, help="логин администратора")
        parser.add_argument("--admin-name", required=True, help="фамилия, имя и отчество администратора")
        parser.add_argument("--admin-email", default="", help="электронная почта администратора")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create both and say how to sign in."""
        try:
            administrator, password = set_up(options)
        except ValidationError as error:
            raise CommandError("\n".join(in_words(error))) from error
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Организация создана: {options['name']}, раздел /s/{options['slug']}/")
        self.stdout.write(f"Администратор: {administrator.username}, одноразовый пароль: {password}")
        self.stdout.write("Пароль больше нигде не хранится; при первом входе портал попросит задать свой.")


@transaction.atomic
def set_up(options: dict[str, Any]) -> tuple[User, str]:
    """Both or none; also writes the history. Raises CommandError, ValidationError, Refused."""
    if Organisation.objects.exists():
        raise CommandError("В портале уже есть организации: следующие добавляет администратор на странице /admin/.")
    organisation = Organisation(
        kind=options["kind"],
        slug=options["slug"],
        full_name=options["full_name"] or options["name"],
        name=options["name"],
        place=options["place"],
        head_name=options["head"],
        head_post=options["head_post"],
    )
    organisation.full_clean()
    organisation.save()
    record("accounts.organisation.add", organisation, actor=None, text="Организация создана при установке портала.")
    administrator = create_user(
        organisation=organisation,
        full_name=options["admin_name"],
        username=options["admin_login"],
        email=options["admin_email"],
        role=Role.ADMINISTRATOR,
        actor=None,
    )
    password = one_time_password()
    administrator.set_password(password)
    administrator.must_change_password = True
    administrator.save(update_fields=["password", "must_change_password"])
    return administrator, password


def in_words(error: ValidationError) -> list[str]:
    """The messages of the models, each with the name of its field."""
    return [f"{field}: {' '.join(messages)}" for field, messages in error.message_dict.items()]
