"""Input of the labour papers of a mentor: a signed addendum, a notice of refusal or cancelling, their ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.fields import ask_to_choose, date_input
from accounts.permissions import today
from core.uploads import SCANS, SafeFileField
from mentorship.documents.addenda import TERMS
from mentorship.documents.notices import working_pairs
from mentorship.forms.consents import one_line, words
from mentorship.forms.participants import check_day
from mentorship.models import LabourRules, Notice, Pair, Participant
from mentorship.services.addenda import SignedAddendum, addendum_faults
from mentorship.services.notices import Given, notice_faults

TERM = "term_"


class PaperForm(forms.Form):
    """A signed paper: its scan, or the place of the original."""

    scan = SafeFileField(label="Скан подписанной бумаги", kinds=SCANS, required=False)
    original_place = words(
        "Где хранится подлинник", help_text="Например: «отдел кадров, личное дело». Нужно, если скана нет."
    )

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participant = participant
        rest = [name for name in self.fields if name not in PaperForm.base_fields]
        self.order_fields([*rest, *PaperForm.base_fields])

    def faults(self) -> dict[str, str]:
        """What is wrong with the paper: the name of a field → the sentence beside it."""
        return {}

    def clean(self) -> dict[str, Any]:
        """Beside each field what is wrong with the paper: the law is the service's."""
        data = super().clean() or self.cleaned_data
        one_line(data, self)
        if not self.errors:
            for name, sentence in self.faults().items():
                self.add_error(name if name in self.fields else None, sentence)
        return data


class AddendumForm(PaperForm):
    """A signed addendum; the conditions are offered as the mentor's consent has them."""

    number = forms.CharField(label="Номер", max_length=30)
    signed_on = forms.DateField(label="Дата подписи", widget=date_input())
    contract = words("Трудовой договор", length=120, help_text="Дата и номер: «от 01.09.2015 № 14».")
    term_content = words("Содержание работы", length=500, lines=2)
    term_term = words("Срок работы", length=500)
    term_form = words("Форма", length=500)
    term_pay = words("Размер и условия выплат", length=500, lines=2)
    month_hours = forms.IntegerField(
        label="Часов в месяц",
        required=False,
        min_value=1,
        max_value=200,
        help_text="Если норма записана в соглашении: с ней сравнит часы табель наставника.",
    )
    valid_until = forms.DateField(
        label="Действует по", required=False, widget=date_input(), help_text="Если пусто — пока длится работа."
    )

    def signed(self) -> SignedAddendum:
        """What a valid form says."""
        data = self.cleaned_data
        return SignedAddendum(
            number=data["number"],
            signed_on=data["signed_on"],
            contract=data["contract"],
            terms={name: data[f"{TERM}{name}"] for name in TERMS},
            valid_until=data["valid_until"],
            original_place=data["original_place"],
            scan=data["scan"],
            month_hours=data["month_hours"],
        )

    def faults(self) -> dict[str, str]:
        return addendum_faults(self.participant, self.signed())


class PairChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, до {obj.ends_on:%d.%m.%Y}"


class NoticeForm(PaperForm):
    """A notice that was given."""

    side = forms.ChoiceField(label="Кто уведомил", choices=Notice.Side, widget=forms.RadioSelect)
    pair = PairChoice(Pair.objects.none(), label="О какой паре", required=False, empty_label="о всей работе наставника")
    given_on = forms.DateField(label="Когда вручено", widget=date_input())
    ends_on = forms.DateField(label="Последний день работы наставником", widget=date_input())
    delivery = forms.ChoiceField(label="Как передано", choices=[("", "выберите"), *Notice.Delivery.choices])
    reason = words("Причина", length=300, lines=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["side", "pair", "given_on", "ends_on", "delivery", "reason"])
        led = [pair.pk for pair in working_pairs(self.participant, None)]
        self.fields["pair"].queryset = Pair.objects.filter(pk__in=led).for_cards()  # type: ignore[attr-defined]
        ask_to_choose(self)

    def clean_given_on(self) -> dt.date | None:
        return check_day(self.cleaned_data["given_on"])

    def clean_ends_on(self) -> dt.date | None:
        return check_day(self.cleaned_data["ends_on"])

    def given(self) -> Given:
        """What a valid form says."""
        data = self.cleaned_data
        return Given(
            side=Notice.Side(data["side"]),
            given_on=data["given_on"],
            ends_on=data["ends_on"],
            delivery=data["delivery"],
            pair=data["pair"],
            reason=data["reason"].rstrip("."),
            original_place=data["original_place"],
            scan=data["scan"],
        )

    def faults(self) -> dict[str, str]:
        return notice_faults(self.participant, self.given())


class ReasonForm(forms.Form):
    """The day and the reason of an end."""

    reason = forms.CharField(label="Почему", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    field_order = ("ended_on", "revoked_on", "ends_on", "reason")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        one_line(data, self)
        return data


class EndAddendumForm(ReasonForm):
    ended_on = forms.DateField(
        label="Последний день",
        initial=today,
        widget=date_input(),
        help_text="Если запись ошибочна — день подписи; в причине напишите «записано по ошибке».",
    )


class RevokeForm(ReasonForm):
    revoked_on = forms.DateField(label="Отозвано", initial=today, widget=date_input())


class LabourRulesForm(forms.ModelForm):
    class Meta:
        model = LabourRules
        fields = ["addendum_required"]
