"""Imports: headers first, all rows or none, one query per related table, errors by row and column in Russian."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from import_export import resources, widgets
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader as StockCachedInstanceLoader
from tablib import Dataset

from core.models import JournalEntry
from core.sheets import (
    MomentWidget,
    SheetError,
    SheetResource,
    TextWidget,
    WholeNumberWidget,
    row_errors,
)
from core.sheets.errors import REQUIRED
from core.sheets.formats import SheetXLSX
from core.uploads.tables import MAX_ROWS
from tests.data.sheets import (
    GROUP,
    PERMISSION,
    GroupResource,
    PermissionResource,
    StockGroupResource,
    StockPermissionResource,
    groups,
    many,
    table,
)

pytestmark = pytest.mark.django_db


def queries_of(resource, dataset, **options):
    with CaptureQueriesContext(connection) as captured:
        result = resource.import_data(dataset, **options)
    return result, [query["sql"] for query in captured]


def test_import_creates_and_updates():
    Group.objects.create(name="Старая")
    result = GroupResource().import_data(table(GROUP, ["Новая"], ["Старая"]))
    assert row_errors(result) == []
    assert groups() == ["Старая", "Новая"]
    assert dict(result.totals) == {"new": 1, "update": 0, "delete": 0, "skip": 1, "error": 0, "invalid": 0}


def test_dry_run_changes_nothing():
    result = GroupResource().import_data(table(GROUP, ["Новая"]), dry_run=True)
    assert (result.totals["new"], groups()) == (1, [])


def test_one_bad_row_stops_all_rows():
    result = GroupResource().import_data(table(GROUP, ["Первая"], ["д" * 151], ["Третья"]))
    assert groups() == []
    assert row_errors(result) == [
        SheetError(3, "Название", "Убедитесь, что это значение содержит не более 150 символов (сейчас 151).")
    ]


def test_stock_resource_saves_the_other_rows():
    class Validating(StockGroupResource):
        class Meta(StockGroupResource.Meta):
            clean_model_instances = True

    Validating().import_data(table(GROUP, ["Первая"], ["д" * 151], ["Третья"]), use_transactions=True)
    assert groups() == ["Первая", "Третья"]


def test_failed_import_leaves_the_surrounding_transaction_usable():
    with transaction.atomic():
        Group.objects.create(name="До")
        GroupResource().import_data(table(GROUP, ["Первая"], ["д" * 151]))
        Group.objects.create(name="После")
    assert groups() == ["До", "После"]


def test_missing_columns_are_named_before_any_row_is_read():
    result, sql = queries_of(PermissionResource(), table(["Название", "Прочее"], ["Право", "x"]))
    assert sql == []
    assert row_errors(result) == [
        SheetError(
            None,
            "",
            "В таблице не хватает колонок: «Раздел», «Код». "
            "Первая строка должна содержать названия колонок, как в образце.",
        )
    ]


def test_headers_are_read_as_people_write_them():
    result = PermissionResource().import_data(
        table([" НАЗВАНИЕ* ", "раздел:", "Код", "Телефон"], ["Право", "group", "a", "1"])
    )
    assert row_errors(result) == []
    assert result.ignored == ["Телефон"]
    assert Permission.objects.get(codename="a").name == "Право"


@pytest.mark.parametrize(
    ("dataset", "text"),
    [
        (table(["Название", "название"], ["а", "б"]), "Встречаются дважды колонки: «Название». Оставьте по одной."),
        (table(GROUP), "В таблице нет ни одной строки с данными. Первая строка должна содержать названия колонок."),
        (Dataset(), "В таблице нет ни одной строки с данными. Первая строка должна содержать названия колонок."),
        (
            table(["Название", *map(str, range(60))], range(61)),
            "В таблице больше 60 колонок. Удалите лишние.",
        ),
        (
            table(GROUP, *[[str(number)] for number in range(MAX_ROWS + 1)]),
            "В таблице больше 20 000 строк. Разделите её на части.",
        ),
    ],
)
def test_unfit_table_is_refused_whole(dataset, text):
    assert row_errors(GroupResource().import_data(dataset)) == [SheetError(None, "", text)]
    assert groups() == []


def test_unfit_table_raises_where_errors_are_wanted():
    with pytest.raises(ValidationError):
        GroupResource().import_data(table(["Прочее"], ["x"]), raise_errors=True)


def test_related_objects_cost_one_query_for_the_whole_import():
    counts = []
    for number in (3, 30):
        _, sql = queries_of(PermissionResource(), table(PERMISSION, *many(number)), dry_run=True)
        counts.append(len([one for one in sql if one.startswith("SELECT")]))
    assert counts == [2, 2]


def test_stock_resource_asks_for_every_row():
    _, sql = queries_of(StockPermissionResource(), table(PERMISSION, *many(30)), dry_run=True)
    assert len([one for one in sql if one.startswith("SELECT")]) >= 60


def test_repeated_import_of_the_same_file_changes_nothing_and_asks_little():
    PermissionResource().import_data(table(PERMISSION, *many(30)))
    result, sql = queries_of(PermissionResource(), table(PERMISSION, *many(30)))
    assert result.totals["skip"] == 30
    assert len([one for one in sql if one.startswith("SELECT")]) == 2
    assert [one for one in sql if one.startswith(("INSERT", "UPDATE"))] == []


def test_unchanged_rows_are_not_recognised_without_differences():
    class Hasty(PermissionResource):
        class Meta(PermissionResource.Meta):
            skip_diff = True

    PermissionResource().import_data(table(PERMISSION, *many(3)))
    assert Hasty().import_data(table(PERMISSION, *many(3))).totals["update"] == 3


def test_related_object_not_found_is_told_by_row_and_column():
    result = PermissionResource().import_data(
        table(PERMISSION, ["Право", "GROUP ", "a"], ["Право", "школа", "b"], ["Право", "session", "c"])
    )
    assert row_errors(result) == [
        SheetError(3, "Раздел", "Не найдено: «школа». Проверьте написание."),
        SheetError(4, "Раздел", "Не найдено: «session». Проверьте написание."),
    ]


def test_blank_related_object_is_told_as_required():
    errors = row_errors(PermissionResource().import_data(table(PERMISSION, ["Право", "", "a"])))
    assert errors == [SheetError(2, "Раздел", REQUIRED)]


def test_ambiguous_related_object_is_refused():
    ContentType.objects.create(app_label="auth", model="Group")
    errors = row_errors(PermissionResource().import_data(table(PERMISSION, ["Право", "group", "a"])))
    assert errors == [SheetError(2, "Раздел", "Подходит несколько записей: «group». Уточните.")]


def test_related_objects_are_read_anew_at_each_import():
    resource = PermissionResource()
    dataset = table(PERMISSION, ["Право", "новый", "a"])
    assert len(row_errors(resource.import_data(dataset))) == 1
    ContentType.objects.create(app_label="auth", model="новый")
    assert row_errors(resource.import_data(dataset)) == []


def test_row_repeated_in_the_file_is_refused_with_the_line_of_the_first():
    result = PermissionResource().import_data(
        table(PERMISSION, ["Одно", "group", "a"], ["Другое", "permission", "a"], ["Третье", "Group", " a "])
    )
    assert row_errors(result) == [SheetError(4, "", "Повторяет строку 2. Оставьте одну из них.")]


def test_unreadable_key_is_an_error_of_its_row():
    class ByNumber(SheetResource):
        id = Field("id", "Номер", WholeNumberWidget())
        name = Field("name", "Название", TextWidget())

        class Meta:
            model = Group
            fields = ("id", "name")
            import_id_fields = ("id",)

    result = ByNumber().import_data(table(["Номер", "Название"], ["первый", "А"], ["", "Б"]))
    assert row_errors(result) == [SheetError(2, "Номер", "Не целое число: «первый».")]


def test_unreadable_key_breaks_the_stock_loader():
    class Stock(resources.ModelResource):
        id = Field("id", "Номер", widgets.IntegerWidget())

        class Meta:
            model = Group
            fields = ("id",)
            instance_loader_class = StockCachedInstanceLoader

    with pytest.raises(ArithmeticError):
        Stock().import_data(table(["Номер"], ["первый"]))


def test_lines_are_those_of_the_file():
    rows = [[None], ["Название"], ["А"], [None], [" "], ["д" * 151], ["Б"], ["А"]]
    source = SheetXLSX().export_data(Dataset(*rows, headers=[""]))
    errors = row_errors(GroupResource().import_data(SheetXLSX().create_dataset(source)))
    assert [(error.row, error.text[:20]) for error in errors] == [
        (7, "Убедитесь, что это з"),
        (9, "Повторяет строку 4. "),
    ]


def test_sequence_of_keys_is_left_alone():
    _, sql = queries_of(GroupResource(), table(GROUP, ["А"]))
    assert [one for one in sql if "setval" in one] == []
    _, stock = queries_of(StockGroupResource(), table(GROUP, ["Б"]))
    assert len([one for one in stock if "setval" in one]) == 1


def test_control_characters_do_not_reach_the_database():
    result = GroupResource().import_data(table(GROUP, ["А\x00Б\x07 \ud800В"]))
    assert row_errors(result) == []
    assert groups() == ["АБ В"]


def test_resource_must_name_its_columns():
    class Careless(SheetResource):
        class Meta:
            model = Group
            exclude = ("permissions",)

    with pytest.raises(ImproperlyConfigured, match="Meta.fields"):
        Careless()


def test_identifying_field_must_be_a_column():
    class Careless(SheetResource):
        class Meta:
            model = Permission
            fields = ("name",)
            import_id_fields = ("codename",)

    with pytest.raises(ImproperlyConfigured, match="codename"):
        Careless()


def test_foreign_key_must_be_declared():
    with pytest.raises(ImproperlyConfigured, match="content_type"):

        class Careless(SheetResource):
            class Meta:
                model = Permission
                fields = ("name", "content_type")


def test_undeclared_column_is_headed_by_the_name_of_the_field():
    class EntryResource(SheetResource):
        class Meta:
            model = JournalEntry
            fields = ("at", "actor_name", "subject_id")

    columns = {field.column_name: type(field.widget) for field in EntryResource().get_import_fields()}
    assert columns == {"Когда": MomentWidget, "Кто, словами": TextWidget, "Номер объекта": WholeNumberWidget}


def test_field_with_choices_is_written_in_words():
    field = models.CharField("состояние", choices=[("new", "Новая"), ("done", "Закрыта")])
    column = SheetResource.field_from_django_field("state", field, readonly=False)
    assert (column.column_name, column.widget.render("done"), column.widget.clean(" новая ")) == (
        "Состояние",
        "Закрыта",
        "new",
    )


def test_field_outside_the_list_cannot_be_written():
    PermissionResource().import_data(table([*PERMISSION, "id", "pk"], ["Право", "group", "a", 99999, 99999]))
    assert Permission.objects.get(codename="a").pk < 99999


def test_export_and_import_give_the_same_rows():
    PermissionResource().import_data(table(PERMISSION, ["=1+2", "group", "+a"], ["Право", "permission", "b"]))
    resource, rows = PermissionResource(), Permission.objects.filter(codename__in=["+a", "b"])
    with CaptureQueriesContext(connection) as captured:
        content = resource.to_xlsx(rows)
    assert len(captured) == 1
    result = PermissionResource().import_data(SheetXLSX().create_dataset(content))
    assert (row_errors(result), result.totals["skip"]) == ([], 2)
