"""What a mentor and a mentee see of their own pair, and until when."""

from __future__ import annotations

from django.urls import reverse

from mentorship.models import Pair, PairState
from tests.mentorship.builders import approved_order, day

LIST = "/cabinet/pairs/"


def test_mentee_sees_the_pair_from_its_first_day_to_the_last(pair: Pair, people, client_of) -> None:
    mentee = pair.mentees[0]
    mentee.user = people.teacher
    mentee.save(update_fields=["user"])
    order, url = approved_order(pair.organisation, people), reverse("pair_detail", args=[pair.pk])

    def statuses() -> list[int]:
        client = client_of(type(people.teacher).objects.get(pk=people.teacher.pk))
        return [client.get(address).status_code for address in (LIST, url)]

    assert statuses() == [403, 403]
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order)
    assert statuses() == [200, 200]
    Pair.objects.filter(pk=pair.pk).update(ends_on=day(-1))
    assert statuses() == [403, 403]
