"""Filters of the register of orders."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Organisation
from orders.kinds import KINDS
from orders.models import Order, OrderQuerySet, OrderState


class OrderFilter(forms.Form):
    """Wrong values filter nothing."""

    q = forms.CharField(label="Номер или слова заголовка", required=False, max_length=200)
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "любое"), *OrderState.choices])
    kind = forms.ChoiceField(label="Вид", required=False)
    year = forms.TypedChoiceField(label="Год", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = Order.objects.approved().filter(organisation=organisation).order_by("-year")
        self.years = [year for year in years.values_list("year", flat=True).distinct() if year is not None]
        self.fields["year"].choices = [("", "любой"), *((year, str(year)) for year in self.years)]  # type: ignore[attr-defined]
        kinds = sorted((kind.title, code) for code, kind in KINDS.items())
        self.fields["kind"].choices = [("", "любой"), *((code, title) for title, code in kinds)]  # type: ignore[attr-defined]

    def applied(self, rows: OrderQuerySet) -> OrderQuerySet:
        self.full_clean()
        chosen = {name: value for name, value in self.cleaned_data.items() if value and name != "q"}
        return rows.filter(**chosen).found(self.cleaned_data.get("q", ""))

    @property
    def shown_year(self) -> int | None:
        """The year whose numbers the register speaks of: the chosen one, else the latest."""
        return self.cleaned_data.get("year") or (self.years[0] if self.years else None)
