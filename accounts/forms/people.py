"""People and roles: what is entered about them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.forms.fields import LoginField, ask_to_choose, date_input
from accounts.models import Membership, Organisation, User
from accounts.permissions import Role, today
from accounts.services.passwords import obstacles_to_sign_in_data
from accounts.services.people import FIRST_ROLE

SIGN_IN_FIELDS = ("username", "email", "is_active")
TICKED_ROLES = Membership._meta.get_field("role").choices or []


class PersonForm(forms.ModelForm):
    """Name and sign-in of a person. Set `actor`: the right over somebody's sign-in is narrower than over the name."""

    actor: User | None = None

    class Meta:
        model = User
        fields = ["full_name", "username", "email", "is_active"]
        field_classes = {"username": LoginField}
        labels = {"username": "Логин", "email": "Электронная почта", "is_active": "Может входить в портал"}
        help_texts = {
            "full_name": "Полностью: «Иванова Анна Петровна».",
            "username": "Латинские или русские буквы, цифры, точка, дефис. Без знака @.",
            "email": "Необязательно: письма лежат и в самом портале.",
            "is_active": "Снимите отметку вместо удаления: история человека останется.",
        }

    def clean_full_name(self) -> str:
        return " ".join(self.cleaned_data["full_name"].split())

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.pk and self.actor and set(self.changed_data) & set(SIGN_IN_FIELDS):
            if self.instance.pk == self.actor.pk and not data.get("is_active", True):
                self.add_error("is_active", "Закрыть вход самому себе нельзя.")
            for sentence in obstacles_to_sign_in_data(self.instance, self.actor):
                self.add_error(None, sentence)
        return data


class NewPersonForm(forms.ModelForm):
    """A new person with a first role."""

    role = forms.ChoiceField(label="Роль", choices=TICKED_ROLES, initial=FIRST_ROLE)

    class Meta:
        model = User
        fields = ["full_name", "username", "email"]
        field_classes = PersonForm.Meta.field_classes
        labels = {key: value for key, value in PersonForm.Meta.labels.items() if key != "is_active"}
        help_texts = {key: value for key, value in PersonForm.Meta.help_texts.items() if key != "is_active"}

    field_order = ["full_name", "role", "username", "email"]

    def __init__(self, *args: Any, gives_roles: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not gives_roles:
            label = Role(FIRST_ROLE).label
            self.fields["role"].choices = [(FIRST_ROLE, label)]  # type: ignore[attr-defined]
            self.fields["role"].help_text = "Другие роли даёт администратор."

    clean_full_name = PersonForm.clean_full_name
    clean_email = PersonForm.clean_email


class MembershipForm(forms.ModelForm):
    """A role from a day to a day; organisations are those in which the giver may give roles."""

    class Meta:
        model = Membership
        fields = ["organisation", "role", "starts_on", "ends_on"]
        widgets = {"starts_on": date_input(), "ends_on": date_input()}
        labels = {"starts_on": "С какого дня", "ends_on": "По какой день"}
        help_texts = {"ends_on": "Оставьте пустым, если срок не ограничен."}

    def __init__(self, *args: Any, person: User, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.user = person
        ask_to_choose(self)
        field = self.fields["organisation"]
        field.queryset = organisations  # type: ignore[attr-defined]
        field.empty_label = None  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        """The person is known, so the rule «one role once» is checked here and not only by the database."""
        return super()._get_validation_exclusions() - {"user"}  # type: ignore[misc]


class RoleEndForm(forms.Form):
    """The last day of a role."""

    ends_on = forms.DateField(label="Последний день роли", initial=today, widget=date_input())


class PeopleFilter(forms.Form):
    """The filter of the list of people."""

    q = forms.CharField(label="Имя, логин или почта", required=False, max_length=100)
    role = forms.ChoiceField(label="Роль", required=False, choices=[("", "любая"), *TICKED_ROLES])
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Организация", required=False, empty_label="все"
    )
    state = forms.ChoiceField(
        label="Показать", required=False, choices=[("", "с ролью сейчас"), ("former", "без роли сейчас")]
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        if len(organisations) < 2:
            del self.fields["organisation"]
