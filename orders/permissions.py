"""What may be done with orders, local acts and number series."""

from accounts.permissions import DERIVED_ROLES, Reach, Role, grant

OWN, ORGANISATION, TERRITORY = Reach.OWN, Reach.ORGANISATION, Reach.TERRITORY
EVERYBODY = {str(role): OWN for role in Role if role not in DERIVED_ROLES}

grant(
    "orders.order.view",
    "Просмотр приказов",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    administrator=ORGANISATION,
)
grant("orders.order.draft", "Составление проектов приказов", curator=ORGANISATION, administrator=ORGANISATION)
grant("orders.order.submit", "Передача приказа на утверждение", curator=ORGANISATION)
grant("orders.order.approve", "Утверждение приказов", director=ORGANISATION)
grant("orders.order.return", "Возврат приказа с замечанием", director=ORGANISATION)
grant(
    "orders.localact.view",
    "Просмотр локальных актов",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    administrator=ORGANISATION,
)
grant("orders.localact.change", "Изменение проектов локальных актов", curator=ORGANISATION)
grant("orders.series.change", "Настройка нумерации приказов", curator=ORGANISATION, administrator=ORGANISATION)
grant(
    "orders.series.print",
    "Печать журнала регистрации приказов",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    administrator=ORGANISATION,
)
grant("orders.letterhead.change", "Настройка бланка документов", curator=ORGANISATION, administrator=ORGANISATION)
grant("orders.endorsement.ask", "Направление документов на согласование", curator=ORGANISATION)
grant("orders.endorsement.answer", "Ответ на согласование", **EVERYBODY)
grant("orders.acquaintance.own", "Ознакомление с приказом", **EVERYBODY)
grant("orders.acquaintance.change", "Ведение листа ознакомления", curator=ORGANISATION)
grant("orders.scan.add", "Прикрепление подписанного приказа", curator=ORGANISATION, director=ORGANISATION)
grant(
    "orders.library.view",
    "Просмотр библиотеки актов",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    methodical_union=ORGANISATION,
    municipal=TERRITORY,
    administrator=TERRITORY,
)
grant(
    "orders.library.change",
    "Ведение библиотеки актов",
    curator=ORGANISATION,
    municipal=TERRITORY,
    administrator=TERRITORY,
)
grant(
    "orders.protocol.view",
    "Просмотр протоколов",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    methodical_union=ORGANISATION,
)
grant("orders.protocol.change", "Запись протоколов", curator=ORGANISATION, methodical_union=ORGANISATION)
