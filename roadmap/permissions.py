"""What may be done with a roadmap and its items."""

from accounts.permissions import Reach, grant

ORGANISATION, OWN = Reach.ORGANISATION, Reach.OWN
EVERYBODY = ("director", "curator", "inspector", "administrator", "methodical_union", "psychologist", "teacher")

grant("roadmap.roadmap.view", "Просмотр дорожной карты", **{role: ORGANISATION for role in EVERYBODY})
grant("roadmap.roadmap.change", "Изменение дорожной карты", curator=ORGANISATION)
grant(
    "roadmap.item.mark",
    "Отметка о выполнении пункта",
    curator=ORGANISATION,
    teacher=OWN,
    methodical_union=OWN,
    psychologist=OWN,
    director=OWN,
)
