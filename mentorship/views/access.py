"""Who sees what of a person, what everybody sees, and who has opened the card."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import may, requires
from core.paging import page_of
from mentorship.models import Participant
from mentorship.services.access import ACCESS, publicity_of, seen_by, views_of
from mentorship.views.card_parts import register_part


@requires(ACCESS, Participant, related=("organisation", "class_teacher"))
def participant_access(request: CabinetRequest, person: Participant) -> HttpResponse:
    own = person.user_id == request.user.pk
    back = reverse("my_card") if own else reverse("participant_detail", args=[person.pk])
    page = page_of(request, views_of(person))
    context = {
        "person": person,
        "own": own,
        "visible": seen_by(person),
        "publicity": publicity_of(person),
        "page_obj": page,
        "views": page.object_list,
        "crumbs": [("Моя карточка" if own else person.full_name, back), ("Кто видит данные", "")],
    }
    return render(request, "mentorship/participant_access.html", context)


def access_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """What is public now, in a word, and the way to the whole table."""
    if not may(request.user, ACCESS, person):
        return None
    return {"own": person.user_id == request.user.pk, "pk": person.pk, "publicity": publicity_of(person)}


register_part("mentorship/includes/card_access.html", access_part, 96)
