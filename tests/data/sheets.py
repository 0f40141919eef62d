"""Spreadsheets of Django's own models, ours and import-export's stock ones for comparison."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from import_export import resources, widgets
from import_export.fields import Field
from tablib import Dataset

from core.sheets import CachedForeignKeyWidget, SheetResource, TextWidget

GROUP = ["Название"]
PERMISSION = ["Название", "Раздел", "Код"]


class GroupResource(SheetResource):
    name = Field("name", "Название", TextWidget())

    class Meta:
        model = Group
        fields = ("name",)
        import_id_fields = ("name",)


class BlindGroupResource(GroupResource):
    """Takes every row for a new one, so that the database itself has to refuse a repetition."""

    class Meta:
        model = Group
        fields = ("name",)
        import_id_fields = ("id",)  # the default, that is: nothing identifies a row


class PermissionResource(SheetResource):
    name = Field("name", "Название", TextWidget())
    section = Field("content_type", "Раздел", CachedForeignKeyWidget(ContentType, "model"))
    codename = Field("codename", "Код", TextWidget())

    class Meta:
        model = Permission
        fields = ("name", "section", "codename")
        import_id_fields = ("section", "codename")

    def __init__(self):
        super().__init__()
        self.fields["section"].widget.queryset = ContentType.objects.filter(app_label="auth")


class StockGroupResource(resources.ModelResource):
    name = Field("name", "Название", widgets.CharWidget())

    class Meta:
        model = Group
        fields = ("name",)
        import_id_fields = ("name",)


class StockPermissionResource(resources.ModelResource):
    name = Field("name", "Название", widgets.CharWidget())
    section = Field("content_type", "Раздел", widgets.ForeignKeyWidget(ContentType, "model"))
    codename = Field("codename", "Код", widgets.CharWidget())

    class Meta:
        model = Permission
        fields = ("name", "section", "codename")
        import_id_fields = ("codename",)


def table(headers, *rows):
    return Dataset(*rows, headers=headers)


def groups():
    return list(Group.objects.order_by("pk").values_list("name", flat=True))


def many(count):
    return [(f"Право {number}", "group", f"code{number}") for number in range(count)]
