"""Input of consents: what a signed paper says, and its withdrawal. Nothing is chosen beforehand."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.permissions import today
from core.uploads import SCANS, SafeFileField
from mentorship.models import Consent, ConsentKind, Pair, PairState, Participant, PublicField
from mentorship.services.consents import Signed


class ConsentForm(forms.Form):
    """One signed answer of a person. Fields that the purpose does not need are absent."""

    pair = forms.ModelChoiceField(Pair.objects.none(), label="Пара", empty_label="выберите")
    answer = forms.ChoiceField(label="Что подписано", choices=Consent.Answer, widget=forms.RadioSelect)
    signed_on = forms.DateField(label="Дата подписи", widget=date_input())
    method = forms.ChoiceField(label="Как подписано", choices=Consent.Method, widget=forms.RadioSelect)
    shown = forms.MultipleChoiceField(
        label="Что разрешено показывать на сайте",
        choices=PublicField,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Отметьте только то, что разрешено в бумаге. Контакты и затруднения не показываются никогда.",
    )
    valid_until = forms.DateField(
        label="Действует по", required=False, widget=date_input(), help_text="Если пусто — до отзыва."
    )
    representative = forms.CharField(
        label="Законный представитель",
        max_length=200,
        required=False,
        help_text="Фамилия, имя и отчество того, кто подписал за несовершеннолетнего.",
    )
    scan = SafeFileField(label="Скан подписанной бумаги", kinds=SCANS, required=False)

    def __init__(self, *args: Any, participant: Participant, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == ConsentKind.PAIR:
            self.offer_pairs(participant)
        else:
            del self.fields["pair"]
        if kind != ConsentKind.DISSEMINATION:
            del self.fields["shown"]
        if not participant.may_be_minor:
            del self.fields["representative"]

    def offer_pairs(self, participant: Participant) -> None:
        """Pairs in which the person learns and that are not over."""
        open_pairs = Pair.objects.filter(members__mentee=participant, state__in=[PairState.FORMING, PairState.ACTIVE])
        self.fields["pair"].queryset = open_pairs.for_cards()  # type: ignore[attr-defined]

    def clean_representative(self) -> str:
        return " ".join(self.cleaned_data["representative"].split())

    def signed(self) -> Signed:
        """What a valid form says."""
        data = self.cleaned_data
        return Signed(
            answer=data["answer"],
            signed_on=data["signed_on"],
            method=data["method"],
            shown=data.get("shown", []),
            valid_until=data["valid_until"],
            representative=data.get("representative", ""),
            scan=data["scan"],
        )


class WithdrawForm(forms.Form):
    withdrawn_on = forms.DateField(
        label="Отозвано с", initial=today, widget=date_input(), help_text="С этого дня согласие не действует."
    )
    reason = forms.CharField(
        label="Основание",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Например: «заявление от 05.10.2026».",
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())
