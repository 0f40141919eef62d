"""What may be done with a roadmap and its items."""

from accounts.permissions import Reach, grant

ORGANISATION, OWN = Reach.ORGANISATION, Reach.OWN
READERS = ("inspector", "administrator")
# Those who may answer for an item: the form offers them, and each of them can read the roadmap and mark the item.
STAFF = (
    "director",
    "methodical_union",
    "psychologist",
    "teacher",
    "class_teacher",
    "department_head",
    "site_editor",
)

grant(
    "roadmap.roadmap.view", "Просмотр дорожной карты", **{role: ORGANISATION for role in ("curator", *STAFF, *READERS)}
)
grant("roadmap.roadmap.change", "Изменение дорожной карты", curator=ORGANISATION)
grant(
    "roadmap.item.mark",
    "Отметка о выполнении пункта",
    curator=ORGANISATION,
    **{role: OWN for role in STAFF},
)
