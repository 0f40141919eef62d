"""Input of a roadmap: the map itself, its stages, items and marks; and the order that approves it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from accounts.forms.fields import date_input
from accounts.models import Organisation, User
from accounts.permissions import Role, today
from core.russian import school_year
from mentorship.models import Participant
from mentorship.models.rules import FIRST_YEAR, LAST_YEAR
from orders.forms.orders import OrderForm
from orders.models import LocalAct, Order
from roadmap.models import Item, Roadmap, RoadmapState, Stage
from roadmap.permissions import STAFF
from roadmap.services import mark_faults


class RoadmapForm(forms.ModelForm):
    """Title and period; a new one may take over the stages of an earlier roadmap."""

    like = forms.ModelChoiceField(
        Roadmap.objects.none(),
        required=False,
        label="Взять этапы и пункты из",
        empty_label="начать с пустой",
        help_text="Сроки перенесутся на столько лет, на сколько сдвинулось начало; отметки о выполнении не копируются.",
    )

    class Meta:
        model = Roadmap
        fields = ["title", "starts_on", "ends_on"]
        widgets = {"starts_on": date_input(), "ends_on": date_input()}

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.organisation = organisation
        earlier = Roadmap.objects.filter(organisation=organisation)
        if self.instance.pk or not earlier.exists():
            del self.fields["like"]
        else:
            self.fields["like"].queryset = earlier  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("starts_on", "ends_on"):
            day = data.get(name)
            if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(name, f"Проверьте год: он должен быть от {FIRST_YEAR} до {LAST_YEAR}.")
        return data


class RoadmapFilter(forms.Form):
    """The filter of the list."""

    q = forms.CharField(label="Название", required=False, max_length=100)


class StageForm(forms.ModelForm):
    class Meta:
        model = Stage
        fields = ["title", "result"]
        widgets = {"result": forms.Textarea(attrs={"rows": 3})}


class ItemForm(forms.ModelForm):
    """One item; the term may be words only, a last day only, or both."""

    class Meta:
        model = Item
        fields = ["text", "term", "starts_on", "due_on", "responsible", "responsible_user"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "starts_on": date_input(), "due_on": date_input()}
        help_texts = {
            "term": "Например: «сентябрь 2026 г.» или «по мере необходимости».",
            "due_on": "По этому дню портал напомнит и отметит просрочку. Для пунктов «по запросу» оставьте пустым.",
            "responsible": "Например: «Заместитель директора по УВР».",
            "responsible_user": "Кто из сотрудников увидит этот пункт в своих делах.",
        }

    def __init__(self, *args: Any, roadmap: Roadmap, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roadmap = roadmap
        self.fields["responsible_user"].empty_label = "не выбран"  # type: ignore[attr-defined]
        self.fields["responsible_user"].queryset = User.objects.with_role(  # type: ignore[attr-defined]
            roadmap.organisation_id, Role.CURATOR, *STAFF
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("starts_on", "due_on"):
            day = data.get(name)
            if day and not self.roadmap.starts_on <= day <= self.roadmap.ends_on:
                first, last = f"{self.roadmap.starts_on:%d.%m.%Y}", f"{self.roadmap.ends_on:%d.%m.%Y}"
                self.add_error(name, f"День вне срока дорожной карты: с {first} по {last}.")
        return data


class MarkForm(forms.Form):
    """The mark of execution."""

    done_on = forms.DateField(label="Когда выполнено", widget=date_input(), initial=today)
    done_note = forms.CharField(
        label="Чем подтверждено", max_length=500, required=False, help_text="Например: «протокол № 3», «12 анкет»."
    )

    def clean_done_on(self) -> Any:
        day = self.cleaned_data["done_on"]
        if faults := mark_faults(day):
            raise forms.ValidationError(faults)
        return day


def free_roadmaps(organisation: Organisation, order: Order | None) -> QuerySet[Roadmap]:
    """Drafts that no other order holds."""
    free = Q(order=None) | Q(order=order) if order else Q(order=None)
    return Roadmap.objects.filter(free, organisation=organisation, state=RoadmapState.DRAFT)


def curator_in_charge(organisation: Organisation) -> dict[str, str]:
    """The curator as the responsible person of a new draft."""
    curators = User.objects.with_role(organisation, Role.CURATOR)
    curator = Participant.objects.filter(organisation=organisation, user__in=curators).first()
    return {
        "responsible_name": curator.full_name if curator else "",
        "responsible_post": curator.post if curator else "",
    }


class RegulationOrderForm(OrderForm):
    """Asks which Положение and which roadmap the order approves; either may be left out, not both."""

    act = forms.ModelChoiceField(
        LocalAct.objects.none(), required=False, label="Положение", empty_label="приказ без Положения"
    )
    roadmap = forms.ModelChoiceField(
        Roadmap.objects.none(), required=False, label="Дорожная карта", empty_label="приказ без дорожной карты"
    )

    def __init__(self, *args: Any, organisation: Organisation, order: Order | None = None, **kwargs: Any) -> None:
        super().__init__(*args, organisation=organisation, order=order, **kwargs)
        free = Q(order=None) | Q(order=order) if order else Q(order=None)
        acts = LocalAct.objects.filter(free, organisation=organisation, state=LocalAct.State.DRAFT)
        self.fields["act"].queryset = acts  # type: ignore[attr-defined]
        self.fields["roadmap"].queryset = free_roadmaps(organisation, order)  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        """The school year of the day and the curator as the responsible person."""
        return {
            "title": f"Об утверждении Положения и дорожной карты наставничества на {school_year(today())} учебный год",
            "purpose": "В целях развития наставничества педагогических работников",
            **curator_in_charge(self.organisation),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("act") and not data.get("roadmap"):
            self.add_error("act", "Выберите, что утверждает приказ: Положение, дорожную карту или и то и другое.")
        return data

    def params(self) -> dict[str, Any]:
        """The common choices with the numbers of the act and of the roadmap."""
        act, roadmap = self.cleaned_data.get("act"), self.cleaned_data.get("roadmap")
        return {**super().params(), "act": act.pk if act else None, "roadmap": roadmap.pk if roadmap else None}


class PlanOrderForm(OrderForm):
    """Asks which plan the order approves: `?roadmap=5` in the address is chosen beforehand."""

    roadmap = forms.ModelChoiceField(
        Roadmap.objects.none(),
        label="План или дорожная карта",
        empty_label="выберите",
        help_text="Черновики, которых нет в других приказах. Новый план составляют в разделе «Дорожные карты».",
    )

    def __init__(self, *args: Any, organisation: Organisation, order: Order | None = None, **kwargs: Any) -> None:
        super().__init__(*args, organisation=organisation, order=order, **kwargs)
        self.fields["roadmap"].queryset = free_roadmaps(organisation, order)  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {
            "title": f"Об утверждении плана работы по наставничеству на {school_year(today())} учебный год",
            "purpose": "В целях планирования работы по наставничеству",
            **curator_in_charge(self.organisation),
        }

    def params(self) -> dict[str, Any]:
        return {**super().params(), "roadmap": self.cleaned_data["roadmap"].pk}
