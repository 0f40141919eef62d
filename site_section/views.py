"""Pages of the public section: built only from the windows of the apps below."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import public as accounts_public
from accounts.http import CabinetRequest
from accounts.models import Organisation
from accounts.permissions import permit, public, requires, today
from accounts.public import PublicOrganisation
from accounts.services.saving import save_or_explain
from core.models import JournalEntry
from core.prepared import columns, prepared
from core.storage import brought_response
from mentorship import public as mentorship_public
from orders import public as orders_public
from roadmap import public as roadmap_public
from site_section.forms import SectionForm
from site_section.models import Section

SECTION, SCHOOL = columns(Section), columns(Organisation)
CHANGE = "site_section.section.change"
TABS = (
    ("О наставничестве", "section_home"),
    ("Наставники", "section_mentors"),
    ("Пары", "section_pairs"),
    ("Программы", "section_programmes"),
    ("Дорожная карта", "section_roadmap"),
    ("Документы", "section_documents"),
    ("Контакты", "section_contacts"),
)


def section_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Find the open section of the address; a closed or unknown one does not exist for the public.

    The pages only read, and each query of a transaction would see the data of its own moment all the same: they do
    without the transaction of a request and its two further trips to the database.
    """

    @public
    @transaction.non_atomic_requests
    @require_safe
    @wraps(view)
    def shown(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        row = next(iter(open_section(slug)), None)
        if row is None:
            raise Http404
        section = Section.from_db(None, SECTION, row[: len(SECTION)])
        school = Organisation.from_db(None, SCHOOL, row[len(SECTION) :])
        return view(request, section, accounts_public.shown(school), **kwargs)

    return shown


@prepared
def open_section(slug: str) -> QuerySet[Section, Any]:
    rows = Section.objects.open_sections().filter(organisation__slug=slug)
    return rows.values_list(*SECTION, *(f"organisation__{name}" for name in SCHOOL))


@lru_cache(maxsize=1000)
def links_of(slug: str) -> dict[str, str]:
    """Addresses of the pages of a section by their names."""
    return {name: reverse(name, args=[slug]) for _, name in TABS}


def frame_of(request: HttpRequest, organisation: PublicOrganisation, here: str) -> dict[str, Any]:
    """What the public frame needs: the organisation, its tabs, the place of the page; `links` by the page's name."""
    links = links_of(organisation.slug)
    tabs = [{"label": label, "url": links[name], "current": name == here} for label, name in TABS]
    return {
        "organisation": organisation,
        "site_tabs": tabs,
        "links": links,
        "site_url": links["section_home"],
        "accent": organisation.accent,
    }


@public
@transaction.non_atomic_requests
@require_safe
def portal_home(request: HttpRequest) -> HttpResponseBase:
    sections = list(Section.objects.open_sections())
    if len(sections) == 1:
        return section_home(request, slug=sections[0].organisation.slug)
    town = accounts_public.municipality()
    numbers = mentorship_public.counts_of([section.organisation_id for section in sections], today())
    schools = [
        {
            "organisation": accounts_public.shown(section.organisation),
            "lead": section.lead,
            "totals": numbers.get(section.organisation_id),
        }
        for section in sections
    ]
    context = {"organisation": town, "site_url": reverse("portal_home"), "schools": schools}
    return render(request, "site_section/portal_home.html", context)


@section_page
def section_home(request: HttpRequest, section: Section, organisation: PublicOrganisation) -> HttpResponse:
    day = today()
    context = {
        **frame_of(request, organisation, "section_home"),
        "section": section,
        "totals": mentorship_public.counts(organisation, day),
        "mentors": mentorship_public.mentors(organisation, day)[:6],
        "steps": roadmap_public.steps(organisation, day),
        "documents": orders_public.newest_documents(organisation.pk),
    }
    return render(request, "site_section/section_home.html", context)


@section_page
def section_mentors(request: HttpRequest, section: Section, organisation: PublicOrganisation) -> HttpResponse:
    mentors = mentorship_public.mentors(organisation, today())
    limited = [mentor for mentor in mentors if mentor.limits]
    context = {**frame_of(request, organisation, "section_mentors"), "mentors": mentors, "limited": limited}
    return render(request, "site_section/section_mentors.html", context)


@section_page
def section_photo(
    request: HttpRequest, section: Section, organisation: PublicOrganisation, pk: int
) -> HttpResponseBase:
    """The photograph of a mentor, while the consents to it hold; never kept by anybody on the way."""
    photo = mentorship_public.photograph(organisation, pk, today())
    return brought_response(photo, str(photo.name) if photo else "", inline=True)


@section_page
def section_pairs(request: HttpRequest, section: Section, organisation: PublicOrganisation) -> HttpResponse:
    pairs = mentorship_public.pairs(organisation, today())
    context = {**frame_of(request, organisation, "section_pairs"), "pairs": pairs}
    return render(request, "site_section/section_pairs.html", context)


@section_page
def section_programmes(request: HttpRequest, section: Section, organisation: PublicOrganisation) -> HttpResponse:
    programmes = mentorship_public.programmes(organisation, today())
    context = {**frame_of(request, organisation, "section_programmes"), "programmes": programmes}
    return render(request, "site_section/section_programmes.html", context)


@section_page
def section_programme(
    request: HttpRequest, section: Section, organisation: PublicOrganisation, pk: int
) -> HttpResponse:
    """A programme as a description; its results only after they were summed up."""
    programme = mentorship_public.programme(organisation, pk, today())
    if programme is None:
        raise Http404
    context = {
        **frame_of(request, organisation, "section_programmes"),
        "programme": programme,
        "crumbs": [("Программы", reverse("section_programmes", args=[organisation.slug])), (programme.title, "")],
    }
    return render(request, "site_section/section_programme.html", context)


@section_page
def section_programme_results(
    request: HttpRequest, section: Section, organisation: PublicOrganisation, pk: int
) -> HttpResponse:
    """What a programme has come to; before it is summed up the address does not exist."""
    programme = mentorship_public.programme(organisation, pk, today())
    if programme is None or not programme.results:
        raise Http404
    here = reverse("section_programme", args=[organisation.slug, pk])
    listed = reverse("section_programmes", args=[organisation.slug])
    context = {
        **frame_of(request, organisation, "section_programmes"),
        "programme": programme,
        "crumbs": [("Программы", listed), (programme.title, here), ("Итоги", "")],
    }
    return render(request, "site_section/section_programme_results.html", context)


@section_page
def section_roadmap(request: HttpRequest, section: Section, organisation: PublicOrganisation) -> HttpResponse:
    roadmap = roadmap_public.roadmap(organisation.pk, today())
    context = {**frame_of(request, organisation, "section_roadmap"), "roadmap": roadmap}
    return render(request, "site_section/section_roadmap.html", context)


@section_page
def section_documents(request: HttpRequest, section: Section, organisation: PublicOrganisation) -> HttpResponse:
    context = {
        **frame_of(request, organisation, "section_documents"),
        "acts": orders_public.acts(organisation.pk, today()),
        "documents": orders_public.documents(organisation.pk),
    }
    return render(request, "site_section/section_documents.html", context)


@section_page
def section_document(request: HttpRequest, section: Section, organisation: PublicOrganisation, pk: int) -> HttpResponse:
    named, posts = mentorship_public.shown_people(organisation, today())
    document = orders_public.document(organisation.pk, pk, named, posts)
    if document is None:
        raise Http404
    context = {
        **frame_of(request, organisation, "section_documents"),
        "document": document,
        "crumbs": [("Документы", reverse("section_documents", args=[organisation.slug])), (document.title, "")],
    }
    return render(request, "site_section/section_document.html", context)


@section_page
def section_act_file(
    request: HttpRequest, section: Section, organisation: PublicOrganisation, pk: int
) -> HttpResponseBase:
    file, name = orders_public.act_file(organisation.pk, pk, today()) or (None, "")
    return brought_response(file, name)


@section_page
def section_contacts(request: HttpRequest, section: Section, organisation: PublicOrganisation) -> HttpResponse:
    context = {**frame_of(request, organisation, "section_contacts"), "section": section}
    return render(request, "site_section/section_contacts.html", context)


@requires(CHANGE)
def section_edit(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    stored = Section.objects.filter(organisation=request.organisation).first()
    section = stored or Section(organisation=request.organisation)
    form = SectionForm(request.POST or None, instance=section)
    if (
        request.method == "POST"
        and form.is_valid()
        and save_or_explain(form, actor=request.user, event=CHANGE, text="Изменён открытый раздел.")
    ):
        messages.success(request, "Сохранено. Изменения уже видны в открытом разделе.")
        return redirect("section_edit")
    history = JournalEntry.objects.about(section)[:20] if section.pk else []
    context = {"form": form, "section": section, "history": history}
    return render(request, "site_section/section_edit.html", context)
