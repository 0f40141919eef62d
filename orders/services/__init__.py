"""Actions on orders: drafting, submission, return, approval, files."""

from orders.services.approval import approve_order, recall_order, return_order, submit_order
from orders.services.clauses import (
    add_clause,
    edit_clauses,
    keep_clause,
    move_clause,
    remove_clause,
    restore_clause,
)
from orders.services.drafts import change_params, delete_draft, draft_order, refresh_clauses
from orders.services.facts import person_facts
from orders.services.files import make_files, order_file
from orders.services.words import confirm_word

__all__ = [
    "add_clause",
    "approve_order",
    "change_params",
    "confirm_word",
    "delete_draft",
    "draft_order",
    "edit_clauses",
    "keep_clause",
    "make_files",
    "move_clause",
    "order_file",
    "person_facts",
    "recall_order",
    "refresh_clauses",
    "remove_clause",
    "restore_clause",
    "return_order",
    "submit_order",
]
