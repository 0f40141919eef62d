"""The administration asks the same table of permissions as the pages do; `ScopedAdmin` is its only way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.admin_site import site
from accounts.forms.people import PersonForm
from accounts.models import (
    Agreement,
    Body,
    DeclensionOverride,
    Invitation,
    Membership,
    Organisation,
    Partner,
    ProductionDay,
    Term,
    User,
)
from accounts.permissions import holds, may, permit
from core.journal import differences, reading, record
from core.models import JournalEntry


class ScopedAdmin(admin.ModelAdmin):
    """An admin page of a model whose rows and rights come from the table of permissions.

    `actions_by` names the action behind «view», «change», «add», «delete»; what is absent nobody may. Rows and the
    choices of foreign keys are the permitted ones; models without `REACH` belong to the whole installation. Every
    change is written to the history of the portal; Django's own log is not kept.
    """

    actions_by: ClassVar[Mapping[str, str]] = {}
    actions = None
    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    # --- Rights ---------------------------------------------------------------------------------------------------
    def _may(self, request: HttpRequest, verb: str, obj: models.Model | None) -> bool:
        action = self.actions_by.get(verb)
        if action is None:
            return False
        if obj is None or not hasattr(self.model, "REACH"):
            return holds(request.user, action)
        return may(request.user, action, obj)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, "view", obj) or self._may(request, "change", obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, "change", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "add", None)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, "delete", obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or self.has_add_permission(request)

    # --- Rows -----------------------------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows that the person may see."""
        rows = super().get_queryset(request)
        action = self.actions_by.get("view") or self.actions_by.get("change")
        if action is None or not holds(request.user, action):
            return rows.none()
        return rows.permitted(request.user, action) if hasattr(self.model, "REACH") else rows  # type: ignore[attr-defined]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the rows which the action of this page reaches; others are refused as a wrong choice."""
        related = db_field.remote_field.model
        action = self.actions_by.get("change") or self.actions_by.get("add")
        if action and hasattr(related, "REACH"):
            kwargs["queryset"] = related._default_manager.permitted(request.user, action)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Filters by a related object offer only those that occur in the permitted rows."""
        return [self._filter_of(one) for one in super().get_list_filter(request)]

    def _filter_of(self, name: Any) -> Any:
        if isinstance(name, str) and "__" not in name and self.model._meta.get_field(name).is_relation:
            return (name, admin.RelatedOnlyFieldListFilter)
        return name

    # --- Words ----------------------------------------------------------------------------------------------------
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Django's own titles decline nothing: «Выберите пользователь для изменения»."""
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        name = str(self.opts.verbose_name).capitalize()
        title = name if object_id else f"{name}: новая запись"
        return super().changeform_view(request, object_id, form_url, {"title": title, **(extra_context or {})})

    # --- Writing --------------------------------------------------------------------------------------------------
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and see that the row is still one of the person's own: nothing can be moved out of reach."""
        form.before = reading(type(obj)._default_manager.get(pk=obj.pk), self._fields(form)) if change else {}
        super().save_model(request, obj, form, change)
        action = self.actions_by["change" if change else "add"]
        if hasattr(self.model, "REACH"):
            permit(request.user, action, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the many-to-many fields too, then write what changed."""
        super().save_related(request, form, formsets, change)
        stored = type(form.instance)._default_manager.get(pk=form.instance.pk)
        changes = differences(form.before, reading(stored, self._fields(form)))
        if changes:
            text = "Изменено через администрирование." if change else "Добавлено через администрирование."
            record(
                self.actions_by["change" if change else "add"], stored, actor=request.user, text=text, changes=changes
            )

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record(self.actions_by["delete"], obj, actor=request.user, text="Удалено через администрирование.")
        super().delete_model(request, obj)

    def _fields(self, form: ModelForm) -> list[str]:
        known = {field.name for field in form.instance._meta.get_fields()}
        return [name for name in form.fields if name in known]

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> None:  # type: ignore[override]
        """The history of the portal has it already."""

    log_change = log_addition  # type: ignore[assignment]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        """The history of the portal has it already."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The one history of the portal, filtered by the object."""
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_permission(request, obj):
            raise PermissionDenied
        return redirect(f"{reverse('journal')}?kind={self.opts.label_lower}&number={obj.pk}")


@admin.register(Organisation, site=site)
class OrganisationAdmin(ScopedAdmin):
    actions_by = {
        "view": "accounts.organisation.view",
        "change": "accounts.organisation.change",
        "add": "accounts.organisation.add",
    }
    list_display = ("name", "kind", "parent", "slug", "head_name", "is_active")
    list_select_related = ("parent",)
    list_filter = ("kind", "is_active")
    search_fields = ("name", "slug", "head_name")
    # The emblem passes the checks of uploaded files on the page of the organisation.
    exclude = ("emblem",)


@admin.register(User, site=site)
class UserAdmin(ScopedAdmin):
    """People are added on the page of users, where they get a role at once."""

    actions_by = {"view": "accounts.user.view", "change": "accounts.user.change"}
    form = PersonForm
    fields = ("full_name", "username", "email", "is_active")
    list_display = ("full_name", "username", "email", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("full_name", "username", "email")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form of the pages, which knows who asks: rights over sign-in are narrower than over the name."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"actor": request.user})


@admin.register(Membership, site=site)
class MembershipAdmin(ScopedAdmin):
    """Roles are never deleted, only ended."""

    actions_by = {
        "view": "accounts.user.view",
        "change": "accounts.membership.change",
        "add": "accounts.membership.change",
    }
    list_display = ("user", "role", "organisation", "starts_on", "ends_on")
    list_select_related = ("user", "organisation")
    list_filter = ("role", "organisation")
    search_fields = ("user__full_name", "user__username")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Of a given role only the last day may change: whose it was and since when is history."""
        return ("user", "organisation", "role", "starts_on") if obj else ()


@admin.register(Body, site=site)
class BodyAdmin(ScopedAdmin):
    actions_by = {
        "view": "accounts.body.view",
        "change": "accounts.body.change",
        "add": "accounts.body.change",
    }
    list_display = ("name", "kind", "organisation")
    list_select_related = ("organisation",)
    list_filter = ("kind", "organisation")
    search_fields = ("name",)


@admin.register(Partner, site=site)
class PartnerAdmin(ScopedAdmin):
    actions_by = {
        "view": "accounts.partner.view",
        "change": "accounts.partner.change",
        "add": "accounts.partner.change",
    }
    list_display = ("title", "inn", "contact_name", "organisation", "is_active")
    list_select_related = ("organisation",)
    list_filter = ("is_active",)
    search_fields = ("title", "inn", "contact_name")


@admin.register(Agreement, site=site)
class AgreementAdmin(ScopedAdmin):
    actions_by = {
        "view": "accounts.partner.view",
        "change": "accounts.partner.change",
        "add": "accounts.partner.change",
    }
    list_display = ("number", "partner", "signed_on", "ends_on")
    list_select_related = ("partner",)
    search_fields = ("number", "subject", "partner__title")
    # The paper passes the checks of uploaded files on the page of the agreement.
    exclude = ("file", "file_name")


@admin.register(Invitation, site=site)
class InvitationAdmin(ScopedAdmin):
    """Read only: codes are made, printed and called back on the pages of the portal."""

    actions_by = {"view": "accounts.invitation.issue"}
    list_display = ("user", "organisation", "created_at", "expires_at", "used_at", "cancelled_at")
    list_select_related = ("user", "organisation")
    list_filter = ("organisation",)
    search_fields = ("user__full_name", "user__username")


@admin.register(Term, site=site)
class TermAdmin(ScopedAdmin):
    actions_by = {
        "view": "accounts.organisation.view",
        "change": "accounts.calendar.change",
        "add": "accounts.calendar.change",
        "delete": "accounts.calendar.change",
    }
    list_display = ("name", "kind", "organisation", "starts_on", "ends_on")
    list_select_related = ("organisation",)
    list_filter = ("kind", "organisation")


@admin.register(ProductionDay, site=site)
class ProductionDayAdmin(ScopedAdmin):
    actions_by = dict.fromkeys(("view", "change", "add", "delete"), "accounts.reference.change")
    list_display = ("day", "kind", "name")
    list_filter = ("kind",)
    date_hierarchy = "day"


@admin.register(DeclensionOverride, site=site)
class DeclensionOverrideAdmin(ScopedAdmin):
    actions_by = dict.fromkeys(("view", "change", "add", "delete"), "accounts.reference.change")
    list_display = ("nominative", "kind", "genitive", "dative", "accusative", "instrumental", "prepositional")
    list_filter = ("kind",)
    search_fields = ("nominative",)


@admin.register(JournalEntry, site=site)
class JournalEntryAdmin(ScopedAdmin):
    """Read only, and only the entries of the organisations whose journal the person may read."""

    actions_by = {"view": "accounts.journal.view"}
    list_display = ("at", "actor_name", "text", "subject_text")
    list_filter = ("event",)
    search_fields = ("text", "subject_text", "actor_name")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        readable = Organisation.objects.permitted(request.user, "accounts.journal.view")
        return super().get_queryset(request).filter(scope__in=readable.values("pk"))
