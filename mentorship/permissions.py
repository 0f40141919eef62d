"""What may be done with participants, consents and pairs.

There is no row for bringing a pair into force: it comes into force only as the effect of an approved order.
Nothing here reaches a territory: a municipality sees personal data only through the window of figures.
"""

from accounts.permissions import Reach, grant

ORGANISATION, OWN = Reach.ORGANISATION, Reach.OWN

grant(
    "mentorship.participant.view",
    "Просмотр карточек участников",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    psychologist=ORGANISATION,
    administrator=ORGANISATION,
    teacher=OWN,
    mentor=OWN,
    mentee=OWN,
)
grant(
    "mentorship.participant.list",
    "Список участников",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    psychologist=ORGANISATION,
    administrator=ORGANISATION,
)
grant("mentorship.participant.own", "Своя карточка", teacher=OWN, mentor=OWN, mentee=OWN)
grant(
    "mentorship.participant.history",
    "История карточки участника",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
)
grant("mentorship.participant.change", "Изменение карточек участников", curator=ORGANISATION)
grant(
    "mentorship.consent.view",
    "Просмотр согласий",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    teacher=OWN,
    mentor=OWN,
    mentee=OWN,
)
grant("mentorship.consent.record", "Запись согласий", curator=ORGANISATION)
grant("mentorship.consent.withdraw", "Отзыв согласий", curator=ORGANISATION, teacher=OWN, mentor=OWN, mentee=OWN)
grant(
    "mentorship.pair.view",
    "Просмотр пар и групп",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    psychologist=ORGANISATION,
    administrator=ORGANISATION,
    mentor=OWN,
    mentee=OWN,
)
grant("mentorship.pair.change", "Составление пар и групп", curator=ORGANISATION)
grant("mentorship.dictionary.view", "Просмотр словарей", curator=ORGANISATION, administrator=Reach.TERRITORY)
grant("mentorship.dictionary.change", "Изменение словарей", curator=ORGANISATION, administrator=Reach.TERRITORY)
