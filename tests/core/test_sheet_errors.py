"""What an import says of its failures: row, column and plain Russian, never a word of the database."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.db.models import UniqueConstraint

from core.sheets import SheetError, SheetResult, row_errors
from core.sheets.errors import GONE, REPEATED, REQUIRED, UNREADABLE, UNSAVED, told
from core.transitions import Refused
from tests.data.sheets import (
    GROUP,
    PERMISSION,
    BlindGroupResource,
    GroupResource,
    PermissionResource,
    StockGroupResource,
    groups,
    table,
)

pytestmark = pytest.mark.django_db


def test_words_of_the_database_are_not_shown():
    Group.objects.create(name="Тайная")
    result = BlindGroupResource().import_data(table(GROUP, ["Новая"], ["Тайная"]))
    assert row_errors(result) == [SheetError(3, "", REPEATED)]
    assert groups() == ["Тайная"]


def test_stock_result_carries_words_of_the_database():
    Group.objects.create(name="Тайная")

    class Blind(StockGroupResource):
        class Meta(StockGroupResource.Meta):
            force_init_instance = True

    result = Blind().import_data(table(GROUP, ["Тайная"]))
    assert "(name)=(Тайная)" in str(result.error_rows[0].errors[0].error)


def test_empty_column_of_the_database_is_told_by_its_header():
    class Forgetful(PermissionResource):
        def before_save_instance(self, instance, row, **options):
            instance.content_type_id = None

    errors = row_errors(Forgetful().import_data(table(PERMISSION, ["Право", "group", "a"])))
    assert errors == [SheetError(2, "Раздел", REQUIRED)]


class DiagnosedError(Exception):
    """What the driver tells of a refusal."""

    def __init__(self, code, constraint=""):
        self.diag = type("Diagnosis", (), {"sqlstate": code, "constraint_name": constraint, "column_name": None})()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (DiagnosedError("23503"), GONE),
        (DiagnosedError("23505"), REPEATED),
        (DiagnosedError("23505", "own_words"), "Такая пара уже открыта."),
        (DiagnosedError("23505", "stock_words"), REPEATED),
        (DiagnosedError("23514"), UNSAVED),
        (None, UNSAVED),
    ],
)
def test_refusals_of_the_database_have_their_words(monkeypatch, error, text):
    own = UniqueConstraint(fields=["name"], name="own_words", violation_error_message="Такая пара уже открыта.")
    stock = UniqueConstraint(fields=["name"], name="stock_words")
    monkeypatch.setattr(Group._meta, "constraints", [own, stock])
    raised = IntegrityError('duplicate key value violates unique constraint "x"')
    raised.__cause__ = error
    result = SheetResult()
    result.model = Group
    assert list(told(raised, result)) == [("", text)]


def test_refusal_of_the_law_is_shown_and_a_bug_is_not():
    class Lawful(GroupResource):
        def before_save_instance(self, instance, row, **options):
            if instance.name == "нельзя":
                raise Refused(["Группа закрыта.", "Нет согласия."])
            raise KeyError("internal detail")

    errors = row_errors(Lawful().import_data(table(GROUP, ["нельзя"], ["ошибка"])))
    assert errors == [
        SheetError(2, "", "Группа закрыта."),
        SheetError(2, "", "Нет согласия."),
        SheetError(3, "", UNREADABLE),
    ]
