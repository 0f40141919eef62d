"""A frozen form of a bank as it may be shown today: withdrawn consents, merged cards, what changed between two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mentorship.models.banks import BankRole, BankSnapshot
from mentorship.models.consents import Consent, ConsentKind
from mentorship.models.federal import NAME, BankTable
from mentorship.models.participants import Participant

HIDDEN = "имя скрыто: нет согласия"


@dataclass(frozen=True)
class Difference:
    """Who came into a bank and who left it since an earlier snapshot: full names."""

    earlier: BankSnapshot
    added: list[str]
    gone: list[str]


def difference(earlier: BankSnapshot, later: BankSnapshot, day: dt.date) -> Difference:
    """Compared by the cards of today: merging two cards of a person moves nobody. Withdrawn names stay hidden."""
    before, after = names_in(earlier, day), names_in(later, day)
    return Difference(
        earlier,
        [name for key, name in after.items() if key not in before],
        [name for key, name in before.items() if key not in after],
    )


def names_in(snapshot: BankSnapshot, day: dt.date) -> dict[int, str]:
    """The names of a snapshot by the keys of today's cards."""
    gone = withdrawn_in(snapshot, day)
    keys = present_keys(snapshot.organisation_id, (person["number"] for person in snapshot.people))
    return {
        keys[person["number"]]: HIDDEN if person["number"] in gone else row[NAME]
        for row, person in zip(snapshot.rows, snapshot.people, strict=True)
    }


def table_of(snapshot: BankSnapshot, *, withdrawn: frozenset[int] = frozenset()) -> BankTable:
    """A frozen form; of the people whose consent is `withdrawn` (keys of the snapshot) only the number is left."""
    rows = [
        hidden(row) if person["number"] in withdrawn else row
        for row, person in zip(snapshot.rows, snapshot.people, strict=True)
    ]
    return BankTable(BankRole(snapshot.role), snapshot.as_of, snapshot.columns, rows, snapshot.people)


def hidden(row: Sequence[str]) -> list[str]:
    return [row[0], HIDDEN, *("" for _ in row[NAME + 1 :])]


def present_keys(organisation: int, keys: Iterable[int]) -> dict[int, int]:
    """Key of a snapshot → key of the card that stands for it today: cards of one person may have been merged since."""
    known = {key: key for key in keys}
    merged = Participant.objects.filter(organisation=organisation).exclude(former_keys=[])
    for pk, former in merged.values_list("pk", "former_keys"):
        known.update({key: pk for key in former if key in known})
    return known


def withdrawn_in(snapshot: BankSnapshot, day: dt.date) -> frozenset[int]:
    """Keys of the snapshot's people who have no live consent to processing on the day; two queries."""
    keys = present_keys(snapshot.organisation_id, (person["number"] for person in snapshot.people))
    live = Consent.objects.live(day).filter(kind=ConsentKind.PROCESSING, participant__in=set(keys.values()))
    consented = set(live.values_list("participant", flat=True))
    return frozenset(key for key, pk in keys.items() if pk not in consented)
