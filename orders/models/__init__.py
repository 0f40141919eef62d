"""Orders with their clauses and files, what follows them, number series, local acts, the library of acts."""

from orders.models.acts import ActMark, LocalAct
from orders.models.afterwards import Acquaintance, ClauseRemark, Endorsement, OrderLink, SignedScan
from orders.models.letterheads import Letterhead, letterhead_of
from orders.models.library import LegalAct, Protocol
from orders.models.numbering import Counter, Series
from orders.models.orders import Clause, Order, OrderFile, OrderQuerySet, OrderState

__all__ = [
    "Acquaintance",
    "ActMark",
    "Clause",
    "ClauseRemark",
    "Counter",
    "Endorsement",
    "LegalAct",
    "Letterhead",
    "LocalAct",
    "Order",
    "OrderFile",
    "OrderLink",
    "OrderQuerySet",
    "OrderState",
    "Protocol",
    "Series",
    "SignedScan",
    "letterhead_of",
]
