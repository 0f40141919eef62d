"""Input of a psychologist's record."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.models import User
from accounts.permissions import today
from mentorship.models import Participant, SupportKind
from mentorship.services.support import Support, possible_readers, support_faults


class NamedReaders(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.full_name


class SupportForm(forms.Form):
    day = forms.DateField(label="День", initial=today, widget=date_input())
    kind = forms.ChoiceField(label="Вид работы", choices=SupportKind.choices)
    consent_on = forms.DateField(
        label="Согласие на работу с психологом получено",
        widget=date_input(),
        help_text="За несовершеннолетнего согласие даёт представитель. Бумага остаётся у вас.",
    )
    text = forms.CharField(
        label="Запись",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Только то, что нужно для поддержки в наставничестве; без диагнозов и подробностей о семье.",
    )
    readers = NamedReaders(
        User.objects.none(),
        label="Кто ещё прочитает",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Если никого не отметить, запись прочитаете только вы: ни куратор, ни директор её не увидят.",
    )

    def __init__(self, *args: Any, participant: Participant, author: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["readers"].queryset = possible_readers(participant, author)  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        return self.cleaned_data["text"].strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            for name, words in support_faults(self.support()).items():
                self.add_error(name, words)
        return data

    def support(self) -> Support:
        """What a valid form says."""
        data = self.cleaned_data
        return Support(data["day"], data["kind"], data["text"], data["consent_on"], list(data["readers"]))
