"""Long lists page by page."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50


def page_of(request: HttpRequest, rows: QuerySet, size: int = PAGE_SIZE) -> Page:
    """The page named by `?page=`; a wrong or absent number gives the nearest real page, never an error."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
