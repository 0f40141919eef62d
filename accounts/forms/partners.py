"""Partners and agreements: what is entered about them."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.forms.organisations import OfOrganisation
from accounts.models import Agreement, Partner
from core.uploads import SafeFileField


class PartnerForm(OfOrganisation):
    """An organisation outside the school and whom to call there."""

    site = forms.URLField(label="Сайт", required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Partner
        fields = [
            "title",
            "inn",
            "address",
            "site",
            "contact_name",
            "contact_post",
            "phone",
            "email",
            "note",
            "is_active",
        ]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        labels = {"is_active": "Сотрудничаем сейчас"}
        help_texts = {
            "title": "Как в соглашении: «ГБПОУ «Приозёрский колледж»».",
            "contact_name": "С кем договариваться. Контакты видят только в кабинете, на сайте их нет.",
            "is_active": "Снимите отметку, когда сотрудничество закончилось: соглашения и люди останутся в истории.",
        }

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class AgreementForm(forms.ModelForm):
    """A signed agreement; a file chosen here takes the place of the kept one."""

    new_file = SafeFileField(label="Подписанное соглашение", required=False)

    class Meta:
        model = Agreement
        fields = ["number", "subject", "signed_on", "ends_on"]
        widgets = {"signed_on": date_input(), "ends_on": date_input()}
        labels = {"signed_on": "Когда подписано", "ends_on": "Действует по", "subject": "О чём"}
        help_texts = {
            "subject": "Например: «о наставничестве для обучающихся» или «о производственной практике».",
            "ends_on": "Последний день. Оставьте пустым, если срок не ограничен.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.file:
            self.fields["new_file"].label = f"Заменить файл «{self.instance.file_name}»"


class PartnerFilter(forms.Form):
    """The filter of the list of partners."""

    YES, NO, FORMER = "yes", "no", "former"

    q = forms.CharField(label="Название, ИНН или контактное лицо", required=False, max_length=100)
    agreement = forms.ChoiceField(
        label="Соглашение", required=False, choices=[("", "любое"), (YES, "действует"), (NO, "не действует")]
    )
    state = forms.ChoiceField(
        label="Показать", required=False, choices=[("", "сотрудничаем сейчас"), (FORMER, "прежние партнёры")]
    )
