"""What the drafts of orders about working pairs ask besides the common questions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q

from accounts.forms.fields import date_input
from accounts.permissions import today
from core.russian import school_year
from mentorship.forms.appointments import PeopleChoices, PersonChoice
from mentorship.forms.consents import words
from mentorship.forms.orders import MOST_PAIRS, PairChoices
from mentorship.models import (
    BEFORE_THE_END,
    Addendum,
    ClosingGround,
    Extension,
    Initiator,
    Pair,
    PairState,
    Participant,
)
from mentorship.order_kinds.payments import PAYMENTS
from mentorship.services.pair_endings import NO_CIRCUMSTANCES, NO_INITIATOR, NO_REASON
from orders.forms import OrderForm
from orders.forms.orders import FIRST_DAY, LAST_DAY

PURPOSE = "В целях организации наставничества педагогических работников"
REASON_HELP = "Остаётся в карточке пары, в текст приказа не попадает."


def sane_day(day: dt.date | None) -> dt.date | None:
    if day and not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError("Проверьте год: такого дня быть не может.")
    return day


def folded(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def few(rows: Any) -> Any:
    if len(rows) > MOST_PAIRS:
        raise forms.ValidationError(f"В одном приказе — не больше {MOST_PAIRS} пар.")
    return rows


class EndingOrderForm(OrderForm):
    """The order that ends pairs before their term: `?pairs=5&last_day=2026-11-30` in the address are taken over."""

    pairs = PairChoices(
        Pair.objects.none(),
        label="Работу каких пар завершить",
        widget=forms.CheckboxSelectMultiple,
        help_text="Действующие пары. Остальные пары из тех же приказов продолжат работу.",
        error_messages={"required": "Отметьте хотя бы одну пару."},
    )
    ground = forms.ChoiceField(
        label="Основание", choices=[(one.value, one.label) for one in BEFORE_THE_END], widget=forms.RadioSelect
    )
    initiator = forms.ChoiceField(
        label="Кто предложил",
        required=False,
        choices=[("", "выберите"), *Initiator.choices],
        help_text="Нужно, если основание — инициатива участников.",
    )
    reason = words("Обстоятельства", length=500, lines=2, help_text=REASON_HELP)
    last_day = forms.DateField(
        label="Последний день работы",
        widget=date_input(),
        help_text="Если наставник уведомил об отказе — не раньше чем через три рабочих дня после уведомления.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Q(pk__in=self.order.params.get("pairs", [])) if self.order else Q(pk=None)
        rows = Pair.objects.filter(Q(state=PairState.ACTIVE) | kept, organisation=self.organisation)
        self.fields["pairs"].queryset = rows.for_cards()  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {
            "title": "О завершении работы наставнических пар",
            "purpose": PURPOSE,
            "ground": ClosingGround.PARTIES.value,
        }

    def clean_pairs(self) -> Any:
        return few(self.cleaned_data["pairs"])

    def clean_last_day(self) -> dt.date | None:
        return sane_day(self.cleaned_data["last_day"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        ground, reason = data.get("ground"), folded(data.get("reason") or "")
        if ground == ClosingGround.PARTIES and not data.get("initiator") and "initiator" not in self.errors:
            self.add_error("initiator", NO_INITIATOR)
        wanted = {ClosingGround.PARTIES.value: NO_CIRCUMSTANCES, ClosingGround.CURATOR.value: NO_REASON}.get(
            ground or ""
        )
        if wanted and not reason and "reason" not in self.errors:
            self.add_error("reason", wanted)
        return data

    def params(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **super().params(),
            "pairs": sorted(pair.pk for pair in data["pairs"]),
            "ground": data["ground"],
            "initiator": data["initiator"] if data["ground"] == ClosingGround.PARTIES else "",
            "reason": folded(data["reason"]),
            "last_day": data["last_day"].isoformat(),
        }


class ReplacementChoices(PairChoices):
    def label_from_instance(self, obj: Any) -> str:
        return f"{super().label_from_instance(obj)}; прежний наставник — {obj.replaces.mentor.short_name}"


class ReplacementOrderForm(OrderForm):
    """The order that changes mentors: `?pairs=7` in the address is the new pair."""

    pairs = ReplacementChoices(
        Pair.objects.none(),
        label="Какие замены утвердить",
        widget=forms.CheckboxSelectMultiple,
        help_text="Замену готовят на странице пары, кнопкой «Сменить наставника».",
        error_messages={"required": "Отметьте хотя бы одну замену."},
    )
    reason = words("Почему меняется наставник", length=500, lines=2, help_text=REASON_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Q(order=None) | Q(order=self.order) if self.order else Q(order=None)
        rows = Pair.objects.filter(free, organisation=self.organisation, replaces__isnull=False).forming()
        self.fields["pairs"].queryset = rows.for_cards().select_related("replaces__mentor")  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {"title": "О замене наставника", "purpose": PURPOSE}

    def clean_pairs(self) -> Any:
        return few(self.cleaned_data["pairs"])

    def params(self) -> dict[str, Any]:
        data = self.cleaned_data
        chosen = sorted(pair.pk for pair in data["pairs"])
        return {**super().params(), "pairs": chosen, "reason": folded(data["reason"])}


class ExtensionChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.pair.title}, до {obj.ends_on:%d.%m.%Y} вместо {obj.pair.ends_on:%d.%m.%Y}"


class ExtensionOrderForm(OrderForm):
    """The order that extends pairs: `?extensions=5` in the address is chosen beforehand."""

    extensions = ExtensionChoices(
        Extension.objects.none(),
        label="Какие пары продлить",
        widget=forms.CheckboxSelectMultiple,
        help_text="Те, с продлением которых согласны наставник и все наставляемые.",
        error_messages={"required": "Отметьте хотя бы одну пару."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Extension.objects.filter(pair__organisation=self.organisation)
        rows = rows.ready() | rows.open().filter(order=self.order, order__isnull=False)
        self.fields["extensions"].queryset = rows.for_cards()  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {"title": "О продлении срока работы наставнических пар", "purpose": PURPOSE}

    def clean_extensions(self) -> Any:
        return few(self.cleaned_data["extensions"])

    def params(self) -> dict[str, Any]:
        return {**super().params(), "extensions": sorted(one.pk for one in self.cleaned_data["extensions"])}


class OnePairChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, до {obj.ends_on:%d.%m.%Y}"


class SubstitutionOrderForm(OrderForm):
    """The order by which somebody stands in for a mentor: `?pair=5` in the address names the pair."""

    pair = OnePairChoice(Pair.objects.none(), label="В какой паре", empty_label="выберите")
    substitute = PersonChoice(
        Participant.objects.none(),
        label="Кто замещает",
        empty_label="выберите",
        help_text="Нужно письменное согласие работать наставником.",
    )
    starts_on = forms.DateField(label="Первый день", widget=date_input())
    last_day = forms.DateField(label="Последний день", widget=date_input())
    reason = words("Почему", length=300, help_text=REASON_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Q(pk__in=self.order.params.get("pairs", [])) if self.order else Q(pk=None)
        rows = Pair.objects.filter(Q(state=PairState.ACTIVE) | kept, organisation=self.organisation)
        self.fields["pair"].queryset = rows.for_cards()  # type: ignore[attr-defined]
        staff = Participant.objects.filter(organisation=self.organisation).present()
        self.fields["substitute"].queryset = staff.by_name().with_posts()  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {"title": "О временном замещении наставника", "purpose": PURPOSE}

    @staticmethod
    def from_params(params: Any) -> dict[str, Any]:
        return {**OrderForm.from_params(params), "pair": next(iter(params.get("pairs", [])), None)}

    def clean_starts_on(self) -> dt.date | None:
        return sane_day(self.cleaned_data["starts_on"])

    def clean_last_day(self) -> dt.date | None:
        return sane_day(self.cleaned_data["last_day"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("starts_on"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", f"Последний день раньше первого, {first:%d.%m.%Y}: исправьте один из них.")
        return data

    def params(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **super().params(),
            "pairs": [data["pair"].pk],
            "substitute": data["substitute"].pk,
            "starts_on": data["starts_on"].isoformat(),
            "last_day": data["last_day"].isoformat(),
            "reason": folded(data["reason"]),
        }


class PaymentsOrderForm(OrderForm):
    """The order on payments to mentors: `?people=5` in the address is chosen beforehand."""

    people = PeopleChoices(
        Participant.objects.none(),
        label="Кому",
        widget=forms.CheckboxSelectMultiple,
        help_text="Наставники действующих пар, чьё дополнительное соглашение записано. Размер берётся из соглашения.",
        error_messages={"required": "Отметьте хотя бы одного человека."},
    )
    payment = forms.ChoiceField(
        label="Что установить", choices=[(code, what[0].upper() + what[1:]) for code, what in PAYMENTS.items()]
    )
    until = forms.DateField(
        label="По какой день", required=False, widget=date_input(), help_text="Если пусто — пока действует пара."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Q(pk__in=self.order.params.get("people", [])) if self.order else Q(pk=None)
        leading = Pair.objects.filter(state=PairState.ACTIVE).order_by().values("mentor")
        papers = Addendum.objects.live(today()).order_by().values("participant")
        rows = Participant.objects.filter(Q(pk__in=leading) & Q(pk__in=papers) | kept, organisation=self.organisation)
        self.fields["people"].queryset = rows.by_name().with_posts()  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {
            "title": f"О выплатах наставникам на {school_year(today())} учебный год",
            "purpose": "В целях материального поощрения наставников",
            "payment": "monthly",
        }

    def clean_until(self) -> dt.date | None:
        return sane_day(self.cleaned_data["until"])

    def params(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **super().params(),
            "people": sorted(person.pk for person in data["people"]),
            "payment": data["payment"],
            "until": data["until"].isoformat() if data["until"] else None,
        }
