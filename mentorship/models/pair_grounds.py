"""On what ground a pair is over, and at whose initiative."""

from __future__ import annotations

from django.db import models


class ClosingGround(models.TextChoices):
    """The first three are those of the Положение; the others follow from the term or from an order."""

    FULL = "full", "программа завершена в полном объёме"
    PARTIES = "parties", "по инициативе наставника или наставляемого, по обоюдному решению"
    CURATOR = "curator", "по инициативе куратора"
    TERM = "term", "срок закончился"
    REPLACED = "replaced", "замена наставника"
    CANCELLED = "cancelled", "приказ о закреплении отменён"


class Initiator(models.TextChoices):
    MENTOR = "mentor", "наставник"
    MENTEE = "mentee", "наставляемый"
    BOTH = "both", "обоюдное решение"


# What a person chooses: at the end of the term, and in an order that ends a pair before it.
AT_THE_END = (ClosingGround.FULL, ClosingGround.PARTIES, ClosingGround.CURATOR, ClosingGround.TERM)
BEFORE_THE_END = (ClosingGround.PARTIES, ClosingGround.CURATOR, ClosingGround.FULL)
