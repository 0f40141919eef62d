"""What orders about single people ask besides the common questions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import OuterRef, Q, Subquery

from accounts.forms.fields import date_input
from accounts.permissions import today
from core.russian import school_year
from mentorship.models import STANDING, BankCard, BankState, Category, Participant, appointments_of
from mentorship.order_kinds.rewards import AWARDS
from orders.forms import OrderForm
from orders.forms.orders import FIRST_DAY, LAST_DAY

MOST_PEOPLE = 60
MOST_MENTORS = 300


class PersonChoice(forms.ModelChoiceField):
    """People by name and post."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name}, {obj.post}" if obj.post else obj.full_name


class PeopleChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name}, {obj.post}" if obj.post else obj.full_name


class CuratorOrderForm(OrderForm):
    """`?person=5` in the address names the person."""

    person = PersonChoice(Participant.objects.none(), label="Кого назначить", empty_label="выберите")
    exception = forms.CharField(
        label="Основание исключения",
        max_length=300,
        required=False,
        help_text="Только если назначается не заместитель руководителя: «в связи с отсутствием заместителя».",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Participant.objects.filter(organisation=self.organisation).present().exclude(category=Category.PUPIL)
        self.fields["person"].queryset = staff.by_name().with_posts()  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {
            "title": "О назначении куратора программы наставничества",
            "purpose": "В целях организации наставничества педагогических работников",
        }

    def clean_exception(self) -> str:
        return " ".join(self.cleaned_data["exception"].split()).rstrip(".")

    def params(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**super().params(), "person": data["person"].pk, "exception": data["exception"]}


class RewardsOrderForm(OrderForm):
    """`?people=5&people=7` in the address are chosen beforehand."""

    people = PeopleChoices(
        Participant.objects.none(),
        label="Кого наградить",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы одного человека."},
    )
    award = forms.ChoiceField(label="Чем", choices=[(code, words) for code, (words, *_) in AWARDS.items()])
    grounds = forms.CharField(label="За что", max_length=300, help_text="Начните со слова «за».")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Participant.objects.filter(organisation=self.organisation).present()
        self.fields["people"].queryset = staff.by_name().with_posts()  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {
            "title": f"О поощрении участников наставничества по итогам {school_year(today())} учебного года",
            "purpose": "В целях поддержки наставничества",
            "award": "gratitude",
            "grounds": "за успешную работу наставником",
        }

    def clean_people(self) -> Any:
        people = self.cleaned_data["people"]
        if len(people) > MOST_PEOPLE:
            raise forms.ValidationError(f"В одном приказе — не больше {MOST_PEOPLE} человек.")
        return people

    def clean_grounds(self) -> str:
        return " ".join(self.cleaned_data["grounds"].split()).rstrip(".")

    def params(self) -> dict[str, Any]:
        data = self.cleaned_data
        chosen = sorted(person.pk for person in data["people"])
        return {**super().params(), "people": chosen, "award": data["award"], "grounds": data["grounds"]}


class MentorChoices(forms.ModelMultipleChoiceField):
    """People of the bank of mentors by name and post, with the state of the card."""

    def label_from_instance(self, obj: Any) -> str:
        post = f"{obj.full_name}, {obj.post}" if obj.post else obj.full_name
        return f"{post} — {BankState(obj.bank_state).label}"


class MentorsOrderForm(OrderForm):
    """The order that appoints mentors: `?people=5&people=7` in the address are chosen beforehand."""

    people = MentorChoices(
        Participant.objects.none(),
        label="Кого назначить",
        widget=forms.CheckboxSelectMultiple,
        help_text="Те, кто стоит в банке наставников и ещё не назначен приказом.",
        error_messages={"required": "Отметьте хотя бы одного человека."},
    )
    need_interview = forms.BooleanField(
        label="Назначать только тех, кто прошёл собеседование",
        required=False,
        help_text="Снимите отметку, если в школе собеседований с наставниками не проводят.",
    )
    until = forms.DateField(
        label="Назначить по",
        required=False,
        widget=date_input(),
        help_text="Последний день. Если пусто — до отмены приказа.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = self.offered()  # type: ignore[attr-defined]

    def offered(self) -> Any:
        """Whoever stands in the bank and is not a mentor by another order; whom the draft already names stays."""
        cards = BankCard.objects.mentors().filter(participant=OuterRef("pk"))
        everybody = Participant.objects.filter(organisation=self.organisation).present()
        rows = everybody.annotate(bank_state=Subquery(cards.values("state")))
        held = appointments_of(rows.filter(bank_state__in=STANDING))
        appointed = [pk for pk, all_of in held.items() if any(one.is_open_on(today()) for one in all_of)]
        free = Q(bank_state__in=STANDING) & ~Q(pk__in=appointed)
        kept = Q(pk__in=self.order.params.get("people", []), bank_state__isnull=False) if self.order else Q(pk=None)
        return rows.filter(free | kept).by_name().with_posts()

    def defaults(self) -> dict[str, Any]:
        return {
            "title": f"О назначении наставников на {school_year(today())} учебный год",
            "purpose": "В целях поддержки и профессионального роста педагогов",
            "need_interview": True,
        }

    def clean_people(self) -> Any:
        people = self.cleaned_data["people"]
        if len(people) > MOST_MENTORS:
            raise forms.ValidationError(f"В одном приказе — не больше {MOST_MENTORS} человек.")
        return people

    def clean_until(self) -> dt.date | None:
        day = self.cleaned_data["until"]
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError("Проверьте год: такого срока быть не может.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("effective_on") or today(), data.get("until")
        if last and last < first and "effective_on" not in self.errors:
            self.add_error("until", f"Последний день раньше первого, {first:%d.%m.%Y}: исправьте один из них.")
        return data

    def params(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **super().params(),
            "people": sorted(person.pk for person in data["people"]),
            "need_interview": data["need_interview"],
            "until": data["until"].isoformat() if data["until"] else None,
        }
