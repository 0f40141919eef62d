"""What the board brings to the home pages: pairs that have stopped meeting, programmes missing or to be approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from accounts.attention import Figure, register_figures
from accounts.models import Organisation
from accounts.permissions import may
from core.russian import plural_word
from mentorship.models import Pair
from mentorship.models.board import Lack, Place, counts_of

PAIRS = ("пара", "пары", "пар")


@register_figures
def board_figures(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Figure]:
    """For the curator: red pairs, pairs without a programme. For the head: what waits for approval. One query."""
    curates = may(user, "mentorship.pair.change", organisation)
    heads = may(user, "mentorship.programme.approve", organisation)
    if organisation.is_municipality or not (curates or heads):
        return
    counts = counts_of(Pair.objects.filter(organisation=organisation), day, organisation.pk)
    pairs = reverse("pair_list")
    if curates:
        red, without = counts.places[Place.RED], counts.lacks[Lack.PROGRAMME]
        yield Figure(str(red), f"{plural_word(red, *PAIRS)} давно без встреч", f"{pairs}?light=late", bad=red > 0)
        yield Figure(str(without), f"{plural_word(without, *PAIRS)} без программы", f"{pairs}?missing=programme")
    if heads:
        waiting, review = counts.submitted, counts.lacks[Lack.REVIEW]
        words = plural_word(waiting, "пара ждёт", "пары ждут", "пар ждут")
        yield Figure(str(waiting), f"{words} утверждения", f"{pairs}?state=submitted")
        words = plural_word(review, "программа", "программы", "программ")
        yield Figure(str(review), f"{words} на согласовании", f"{pairs}?missing=review")
