"""The base of every import and export: headers checked first, all rows or none, one query per related table."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, ValidationError
from django.db import models
from django.utils.text import capfirst
from import_export import resources
from import_export.fields import Field

from core.sheets.cells import folded_header
from core.sheets.errors import SheetResult
from core.sheets.formats import SheetCSV, SheetXLSX, lines_of
from core.sheets.loaders import CachedInstanceLoader
from core.sheets.widgets import (
    CachedForeignKeyWidget,
    ChoiceWidget,
    DateWidget,
    MomentWidget,
    NumberWidget,
    TextWidget,
    WholeNumberWidget,
    YesNoWidget,
)
from core.uploads.tables import EMPTY, MAX_COLUMNS, MAX_ROWS, TOO_LONG, TOO_WIDE

HINT = "Первая строка должна содержать названия колонок, как в образце."


class SheetResource(resources.ModelResource):
    """What a spreadsheet of a model looks like.

    `Meta.fields` must name the columns: nothing else can be written through a file. A column is headed by the
    field's verbose name, or by the `column_name` of a declared `Field`. A foreign key needs a declared `Field` with
    `CachedForeignKeyWidget`. `required` names the fields without whose columns a file is refused; when empty: the
    identifying ones and those that the model cannot be saved without.

    An import changes everything or, if a single row is wrong, nothing. Fill what a file must not decide (the
    organisation) in `after_init_instance`. Unique fields other than `import_id_fields` are left to the database.
    """

    required: tuple[str, ...] = ()

    WIDGETS_MAP = {
        **resources.ModelResource.WIDGETS_MAP,
        "CharField": TextWidget,
        "TextField": TextWidget,
        "DateField": DateWidget,
        "DateTimeField": MomentWidget,
        "BooleanField": YesNoWidget,
        "DecimalField": NumberWidget,
        "FloatField": NumberWidget,
        "IntegerField": WholeNumberWidget,
        "PositiveIntegerField": WholeNumberWidget,
        "PositiveSmallIntegerField": WholeNumberWidget,
        "PositiveBigIntegerField": WholeNumberWidget,
        "SmallIntegerField": WholeNumberWidget,
        "BigIntegerField": WholeNumberWidget,
    }

    class Meta:
        use_transactions = True
        instance_loader_class = CachedInstanceLoader
        # Unchanged rows are recognised only while differences are computed; their HTML nobody reads.
        skip_unchanged = True
        skip_diff = False
        skip_html_diff = True
        clean_model_instances = True
        store_instance = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if self._meta.fields is None:
            raise ImproperlyConfigured(f"{type(self).__name__}: Meta.fields must name the columns.")
        if unknown := set(self.get_import_id_fields()) - set(self.fields):
            raise ImproperlyConfigured(f"{type(self).__name__}: import_id_fields are not columns: {sorted(unknown)}.")

    def get_import_id_fields(self) -> list[str]:
        """What identifies a row. Left at the default in a table without numbers: nothing does, every row is new."""
        names = list(super().get_import_id_fields())
        return [] if names == ["id"] and "id" not in self.fields else names

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        """A column for a field of the model, headed by its Russian name; choices appear under their labels."""
        if django_field.is_relation and not readonly:
            raise ImproperlyConfigured(f"{cls.__name__}: declare «{field_name}» with CachedForeignKeyWidget.")
        field = super().field_from_django_field(field_name, django_field, readonly)
        field.column_name = capfirst(str(django_field.verbose_name))
        if django_field.choices:
            field.widget = ChoiceWidget(django_field.flatchoices)
        return field

    @classmethod
    def get_result_class(cls) -> type[SheetResult]:
        return SheetResult

    def import_data(
        self, dataset: Any, dry_run: bool = False, raise_errors: bool = False, **options: Any
    ) -> SheetResult:
        """Import all rows or none; see `row_errors` for what was wrong. `dry_run` checks and changes nothing.

        The headers of `dataset` are set to the names of the columns they mean.
        """
        options.update(use_transactions=True, rollback_on_validation_errors=True)
        refusals = self.match_headers(dataset)
        if refusals and raise_errors:
            raise ValidationError(refusals)
        for widget in self.related_widgets().values():
            widget.forget()
        result = self.refused(refusals) if refusals else super().import_data(dataset, dry_run, raise_errors, **options)
        result.lines = lines_of(dataset)
        result.columns = self.headers_by_field()
        result.ignored = self.unknown_headers(dataset)
        result.model = self._meta.model
        return result

    def refused(self, refusals: list[str]) -> SheetResult:
        result = self.get_result_class()()
        for refusal in refusals:
            result.append_base_error(self.get_error_result_class()(ValidationError(refusal)))
        return result

    def match_headers(self, dataset: Any) -> list[str]:
        """Rename the headers to the columns they mean; return what makes the table unfit, before any row is read."""
        known = {folded_header(field.column_name): field.column_name for field in self.get_import_fields()}
        headers = [known.get(folded_header(header), header) for header in dataset.headers or []]
        if not headers or not len(dataset):
            return [EMPTY]
        dataset.headers = headers
        refusals = [TOO_WIDE] if len(headers) > MAX_COLUMNS else []
        refusals += [TOO_LONG] if len(dataset) > MAX_ROWS else []
        twice = [header for header, count in Counter(headers).items() if count > 1 and header in known.values()]
        if twice:
            refusals.append(f"Встречаются дважды колонки: {quoted(twice)}. Оставьте по одной.")
        missing = [column for column in self.required_columns() if column not in headers]
        if missing:
            refusals.append(f"В таблице не хватает колонок: {quoted(missing)}. {HINT}")
        return refusals

    def unknown_headers(self, dataset: Any) -> list[str]:
        """Headers that mean no column: shown to the person, so that a misspelt one does not vanish in silence."""
        known = {field.column_name for field in self.get_import_fields()}
        return [header for header in dataset.headers or [] if header not in known]

    def required_columns(self) -> list[str]:
        named = [(name, self.fields[name]) for name in self.get_import_order() if name in self.fields]
        if self.required:
            return [self.fields[name].column_name for name in self.required]
        return [field.column_name for name, field in named if self.is_required(name, field)]

    def is_required(self, name: str, field: Field) -> bool:
        """Identifying, or a field of the model that may be neither blank nor left to a default."""
        if name in self.get_import_id_fields():
            return True
        try:
            model_field = self._meta.model._meta.get_field(field.attribute or "")
        except FieldDoesNotExist:
            return False
        return not (field.readonly or model_field.blank or model_field.null or model_field.has_default())

    def headers_by_field(self) -> dict[str, str]:
        """Header by the name of the field, of the attribute and of the database column."""
        headers = {field.attribute: field.column_name for field in self.fields.values() if field.attribute}
        headers |= {f"{name}_id": column for name, column in headers.items()}
        return headers | {name: field.column_name for name, field in self.fields.items()}

    def related_widgets(self) -> dict[str, CachedForeignKeyWidget]:
        """The widgets of foreign keys by attribute."""
        return {
            field.attribute: field.widget
            for field in self.fields.values()
            if isinstance(field.widget, CachedForeignKeyWidget)
        }

    def related_names(self) -> list[str]:
        """What to read along with the rows: the foreign keys among the columns."""
        return list(self.related_widgets())

    def validate_instance(
        self, instance: models.Model, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Full validation of the row without the queries that Django makes for every unique field and foreign key."""
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(
                exclude={*errors, *known_relations(instance)}, validate_unique=False, validate_constraints=False
            )
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def after_import(self, dataset: Any, result: SheetResult, **options: Any) -> None:
        """The stock one resets the sequence of keys, which under simultaneous inserts hands the same key out twice."""

    def filter_export(self, queryset: models.QuerySet[Any], **options: Any) -> models.QuerySet[Any]:
        return queryset.select_related(*self.related_names())

    def to_xlsx(self, queryset: models.QuerySet[Any]) -> bytes:
        """An Excel file of the rows, dates and numbers native."""
        return SheetXLSX().export_data(self.export(queryset, force_native_type=True))

    def to_csv(self, queryset: models.QuerySet[Any]) -> bytes:
        """A CSV file of the rows for Excel in Russian."""
        return SheetCSV().export_data(self.export(queryset))


def known_relations(instance: models.Model) -> set[str]:
    """Filled foreign keys whose object has been read, or that were in the database before."""
    return {
        field.name
        for field in instance._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and getattr(instance, field.attname) is not None
        and (field.is_cached(instance) or not instance._state.adding)
    }


def quoted(names: list[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)
