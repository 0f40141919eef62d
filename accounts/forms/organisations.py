"""The organisation, who stands in for its head, its bodies and its calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.forms.fields import ask_to_choose, date_input
from accounts.models import ActingHead, Body, BodyMember, Organisation, Term, User
from accounts.permissions import today
from core.uploads import SafeImageField

REQUISITES = [
    "full_name",
    "name",
    "place",
    "address",
    "phone",
    "email",
    "website",
    "inn",
    "ogrn",
    "head_post",
    "head_name",
    "head_gender",
    "accent",
]


class OrganisationForm(forms.ModelForm):
    """Requisites as they stand at the top and at the foot of papers."""

    website = forms.URLField(label="Официальный сайт", required=False, max_length=200, assume_scheme="https")
    new_emblem = SafeImageField(label="Эмблема", required=False, max_side=800)
    remove_emblem = forms.BooleanField(label="Убрать эмблему", required=False)

    class Meta:
        model = Organisation
        fields = REQUISITES
        widgets = {"full_name": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_to_choose(self)
        if not self.instance.emblem:
            del self.fields["remove_emblem"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("new_emblem") and data.get("remove_emblem"):
            self.add_error("remove_emblem", "Выберите одно: новую эмблему или без эмблемы.")
        return data


class NewOrganisationForm(forms.ModelForm):
    """A new organisation under the municipality of whoever adds it."""

    website = forms.URLField(label="Официальный сайт", required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Organisation
        fields = ["parent", "kind", "slug", *REQUISITES]
        widgets = {"full_name": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, parents: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        ask_to_choose(self)
        parent.queryset, parent.required, parent.empty_label = parents, True, None  # type: ignore[attr-defined]


class OfOrganisation(forms.ModelForm):
    """A form of a row that belongs to a known organisation, which the constraints of the model ask about."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.organisation = organisation
        ask_to_choose(self)

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"organisation"}  # type: ignore[misc]


class ActingHeadForm(OfOrganisation):
    class Meta:
        model = ActingHead
        fields = ["full_name", "gender", "post", "starts_on", "ends_on", "basis"]
        widgets = {"starts_on": date_input(), "ends_on": date_input()}
        labels = {"starts_on": "С какого дня", "ends_on": "По какой день", "basis": "Основание"}
        help_texts = {"basis": "Например: «приказ от 01.07.2026 № 45-к»."}


class BodyForm(OfOrganisation):
    class Meta:
        model = Body
        fields = ["kind", "name"]


class BodyMemberForm(forms.ModelForm):
    """A member of a body; people of the same organisation only."""

    class Meta:
        model = BodyMember
        fields = ["user", "duty", "starts_on", "ends_on"]
        widgets = {"starts_on": date_input(), "ends_on": date_input()}
        labels = {"starts_on": "С какого дня", "ends_on": "По какой день"}
        help_texts = {"ends_on": "Оставьте пустым, если срок не ограничен."}

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.body = body
        self.fields["user"].queryset = User.objects.of([body.organisation_id]).by_name()  # type: ignore[attr-defined]
        self.fields["user"].empty_label = "выберите"  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"body"}  # type: ignore[misc]


class EndForm(forms.Form):
    """The last day of something that has a period."""

    ends_on = forms.DateField(label="Последний день", initial=today, widget=date_input())


class TermForm(OfOrganisation):
    """A term or holiday; two periods of one kind may not overlap."""

    class Meta:
        model = Term
        fields = ["kind", "name", "starts_on", "ends_on"]
        widgets = {"starts_on": date_input(), "ends_on": date_input()}
        labels = {"starts_on": "С какого дня", "ends_on": "По какой день"}
        help_texts = {"name": "Например: «1-я четверть» или «Осенние каникулы»."}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("starts_on") and data.get("ends_on") and data.get("kind"):
            same = Term.objects.filter(
                organisation=self.instance.organisation,
                kind=data["kind"],
                starts_on__lte=data["ends_on"],
                ends_on__gte=data["starts_on"],
            )
            for other in same.exclude(pk=self.instance.pk)[:1]:
                period = f"{other.starts_on:%d.%m.%Y} — {other.ends_on:%d.%m.%Y}"
                self.add_error("starts_on", f"Пересекается с периодом «{other.name}», {period}.")
        return data
