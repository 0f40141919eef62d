"""What orders about single people ask besides the common questions."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.permissions import today
from core.russian import school_year
from mentorship.models import Category, Participant
from mentorship.order_kinds.rewards import AWARDS
from orders.forms import OrderForm

MOST_PEOPLE = 60


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
