"""Input of requests: what is asked, the answer to it, the mediators, the filter, the order on releases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.forms.fields import date_input
from accounts.models import User
from accounts.permissions import today
from mentorship.models import Activity, ActivityState, Pair, PairRequest, Participant, RequestKind, RequestState
from mentorship.models.request_rules import rule_of
from mentorship.services.request_decisions import STEPS, possible_mediators
from mentorship.services.requests import Asked, concerned, own_pairs, request_faults, substitutes_for
from orders.forms import OrderForm

MOST_RELEASES = 40
WHOLE_DAY = dt.time(0, 0), dt.time(23, 59)


class NamedPairs(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, до {obj.ends_on:%d.%m.%Y}"


class NamedPeople(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name}, {obj.post}" if obj.post else obj.full_name


def time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class RequestForm(forms.Form):
    """What one asks for. Fields that the kind does not need are not there; a choice of one is made already."""

    pair = NamedPairs(Pair.objects.none(), label="Пара или группа", empty_label=None)
    about = NamedPeople(Participant.objects.none(), label="О ком речь", required=False, empty_label="выберите")
    activity = forms.ModelChoiceField(
        Activity.objects.none(),
        label="Мероприятие программы",
        required=False,
        empty_label="другое, назову ниже",
    )
    occasion = forms.CharField(
        label="Что за мероприятие",
        max_length=400,
        required=False,
        help_text="Например: «городская мастерская молодых педагогов».",
    )
    first_day = forms.DateField(label="С какого дня", widget=date_input())
    first_time = forms.TimeField(
        label="С какого времени", required=False, widget=time_input(), help_text="Если на весь день, оставьте пустым."
    )
    last_day = forms.DateField(label="По какой день", widget=date_input())
    last_time = forms.TimeField(label="До какого времени", required=False, widget=time_input())
    substitute = NamedPeople(Participant.objects.none(), label="Кто заменит", empty_label="выберите")
    continuity = forms.CharField(
        label="Как без вас пойдёт работа",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Какие уроки, в каких классах, по какому материалу.",
    )
    text = forms.CharField(label="Причина", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))

    OF_RELEASES = (
        *("activity", "occasion", "first_day", "first_time", "last_day", "last_time"),
        *("substitute", "continuity"),
    )

    def __init__(self, *args: Any, author: Participant, kind: str, **kwargs: Any) -> None:
        self.author, self.kind = author, RequestKind(kind)
        super().__init__(*args, **kwargs)
        self.pairs = own_pairs(author, kind, today())
        self.fields["text"].label = rule_of(kind).question
        self.offer_pairs()
        self.offer_people()
        self.offer_release()

    def offer_pairs(self) -> None:
        mine = Pair.objects.filter(pk__in=[pair.pk for pair in self.pairs])
        self.fields["pair"].queryset = mine.for_cards()  # type: ignore[attr-defined]
        if len(self.pairs) == 1:
            self.fields["pair"].widget = forms.HiddenInput()
            self.initial["pair"] = self.pairs[0].pk

    def offer_people(self) -> None:
        """Whom it concerns is asked only where the pair itself does not tell."""
        possible = [concerned(self.author, self.asked_in(pair)) for pair in self.pairs]
        if all(len(people) < 2 for people in possible):
            del self.fields["about"]
            return
        people = {person.pk for some in possible for person in some}
        self.fields["about"].queryset = (  # type: ignore[attr-defined]
            Participant.objects.filter(pk__in=people).by_name().with_posts()
        )

    def offer_release(self) -> None:
        if self.kind != RequestKind.RELEASE:
            for name in self.OF_RELEASES:
                del self.fields[name]
            return
        staff = [person.pk for person in substitutes_for(self.author)]
        self.fields["substitute"].queryset = (  # type: ignore[attr-defined]
            Participant.objects.filter(pk__in=staff).by_name().with_posts()
        )
        planned = Activity.objects.filter(programme__pair__in=self.pairs, state=ActivityState.PLANNED)
        planned = planned.select_related("programme")
        self.fields["activity"].queryset = planned.order_by("due_on", "pk")  # type: ignore[attr-defined]
        if not planned.exists():
            del self.fields["activity"]
            self.fields["occasion"].required = True

    def asked_in(self, pair: Pair | None) -> Asked:
        return Asked(self.kind, pair, "")

    def clean_text(self) -> str:
        return self.cleaned_data["text"].strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            for name, words in request_faults(self.author, self.asked()).items():
                self.add_error(name if name in self.fields else None, words)
        return data

    def asked(self) -> Asked:
        """What the form says; whom it concerns follows from the pair where there is no choice."""
        data = self.cleaned_data
        pair, activity = data["pair"], data.get("activity")
        possible = concerned(self.author, self.asked_in(pair))
        about = possible[0] if len(possible) == 1 else data.get("about")
        occasion = " ".join((data.get("occasion") or "").split()) or (activity.title if activity else "")
        return Asked(
            kind=self.kind,
            pair=pair,
            text=data["text"],
            about=about,
            activity=activity,
            occasion=occasion,
            substitute=data.get("substitute"),
            starts_at=moment(data.get("first_day"), data.get("first_time"), WHOLE_DAY[0]),
            ends_at=moment(data.get("last_day"), data.get("last_time"), WHOLE_DAY[1]),
            continuity=" ".join((data.get("continuity") or "").split()),
        )


def moment(day: dt.date | None, time: dt.time | None, otherwise: dt.time) -> dt.datetime | None:
    """The day with its time, or with the edge of the day; None where the clock cannot count so far."""
    if day is None or not 1900 < day.year < 9999:
        return None
    return timezone.make_aware(dt.datetime.combine(day, time or otherwise))


class AnswerForm(forms.Form):
    """The words that go with a step; a step that needs none asks for nothing."""

    LABELS = {
        "refer": ("Ваше мнение", "Прочитает директор: согласны ли вы и почему."),
        "settle": ("Что сделано", "Автор получит это письмом."),
        "decline": ("Почему отклонено", "Автор получит это письмом."),
        "grant": ("Решение", "Если хотите что-то уточнить; автор получит это письмом."),
        "refuse": ("Почему отказано", "Автор получит это письмом."),
        "conclude": ("О чём договорились", "Слова, с которыми согласны обе стороны; подробности разговора не нужны."),
    }

    words = forms.CharField(label="", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not STEPS[step].column:
            del self.fields["words"]
            return
        field = self.fields["words"]
        field.label, field.help_text = self.LABELS[step]
        field.required = STEPS[step].needed

    def clean_words(self) -> str:
        return self.cleaned_data["words"].strip()


class MediatorsForm(forms.Form):
    mediators = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Кто поможет договориться",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы одного посредника."},
    )

    def __init__(self, *args: Any, request: PairRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mediators"].queryset = possible_mediators(request)  # type: ignore[attr-defined]


class RequestFilter(forms.Form):
    """The filter of the list; what cannot be read narrows nothing."""

    OPEN = "open"

    q = forms.CharField(label="Фамилия, имя или отчество", required=False, max_length=100)
    kind = forms.ChoiceField(
        label="О чём",
        required=False,
        choices=[("", "обо всём"), *((kind, rule_of(kind).title) for kind in RequestKind)],
    )
    state = forms.ChoiceField(
        label="Состояние", required=False, choices=[("", "все"), (OPEN, "не закончены"), *RequestState.choices]
    )
    mine = forms.BooleanField(label="только мои", required=False)

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


# --- The order on releases --------------------------------------------------------------------------------------------
class GrantedReleases(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.author.full_name}: {obj.when}, {obj.occasion}; заменит {obj.substitute.short_name}"


class ReleaseOrderForm(OrderForm):
    """`?requests=5&requests=7` in the address are chosen beforehand."""

    requests = GrantedReleases(
        PairRequest.objects.none(),
        label="Кого освободить",
        widget=forms.CheckboxSelectMultiple,
        help_text="Заявления, с которыми директор согласился и которых нет в другом приказе.",
        error_messages={"required": "Отметьте хотя бы одно заявление."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Q(order=None) | Q(order=self.order) if self.order else Q(order=None)
        granted = PairRequest.objects.releases().filter(free, organisation=self.organisation)
        granted = granted.filter(state=RequestState.GRANTED).for_rows().order_by("starts_at", "pk")
        self.fields["requests"].queryset = granted  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {
            "title": "Об освобождении от обязанностей на время мероприятий",
            "purpose": "В целях участия в мероприятиях программы наставничества и без перерыва в работе школы",
        }

    def clean_requests(self) -> Any:
        requests = self.cleaned_data["requests"]
        if len(requests) > MOST_RELEASES:
            raise forms.ValidationError(f"В одном приказе — не больше {MOST_RELEASES} заявлений.")
        return requests

    def params(self) -> dict[str, Any]:
        return {**super().params(), "requests": sorted(one.pk for one in self.cleaned_data["requests"])}
