"""What may be done with orders, local acts and number series."""

from accounts.permissions import Reach, grant

ORGANISATION, TERRITORY = Reach.ORGANISATION, Reach.TERRITORY

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
