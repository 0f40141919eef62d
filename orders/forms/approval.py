"""What is asked when an order is submitted, returned and approved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.reauthentication import ReauthenticationForm
from accounts.permissions import today
from orders.forms.orders import date_input
from orders.models import Order
from orders.services.approval import LONGEST_REMARK, SHORTEST_REMARK, check_date
from orders.services.numbering import LONGEST_NUMBER, clean_number, propose

STALE = "Страница устарела. Откройте её заново и прочитайте приказ ещё раз."


class VersionForm(forms.Form):
    """Nothing but the version of the draft that the person has read."""

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"invalid": STALE, "required": STALE})


class ReturnForm(forms.Form):
    remark = forms.CharField(
        label="Что исправить",
        min_length=SHORTEST_REMARK,
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Куратор увидит эти слова в списке дел и в письме.",
    )


class ClauseRemarksForm(ReturnForm):
    """The remark about the whole with one field for each clause: `remarks` maps keys to what was typed."""

    PREFIX = "clause-"

    def __init__(self, *args: Any, clauses: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for pk, name in clauses:
            self.fields[f"{self.PREFIX}{pk}"] = forms.CharField(
                label=name,
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 1, "class": "form-control"}),
            )

    @property
    def remarks(self) -> dict[int, str]:
        """What a valid form says of clauses."""
        named = {name: text for name, text in self.cleaned_data.items() if name.startswith(self.PREFIX)}
        return {int(name.removeprefix(self.PREFIX)): text for name, text in named.items() if text}


class ApprovalForm(ReauthenticationForm, VersionForm):
    """Number and date; a book that the portal keeps gives the number itself. The password, if it is due."""

    PURPOSE = "утверждение приказа"

    number = forms.CharField(label="Номер", max_length=LONGEST_NUMBER)
    date = forms.DateField(label="Дата", widget=date_input(), help_text="День, которым подписан приказ.")

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        day = today()
        self.proposal = propose(order.series, day.year)
        initial = {"number": self.proposal, "date": day, "version": order.version}
        super().__init__(*args, **{**kwargs, "initial": initial})
        if order.series.kept_here:
            del self.fields["number"]
        else:
            self.fields["number"].help_text = f"По книге «{order.series}» следующий номер — {self.proposal}."

    def clean_number(self) -> str:
        return clean_number(self.cleaned_data["number"])

    def clean_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["date"]
        try:
            check_date(day)
        except forms.ValidationError as error:
            raise forms.ValidationError(error.messages) from None
        return day
