"""What everybody may know of an organisation: names, addresses and who heads it."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Organisation


@dataclass(frozen=True)
class PublicOrganisation:
    """An organisation as the open section shows it; nothing here needs anybody's consent."""

    pk: int
    slug: str
    name: str
    lines: list[str]
    place: str
    address: str
    phone: str
    email: str
    site: str
    accent: str
    head_post: str
    head_name: str
    is_municipality: bool

    @property
    def full_name(self) -> str:
        return " ".join(self.lines)


def shown(organisation: Organisation) -> PublicOrganisation:
    return PublicOrganisation(
        pk=organisation.pk,
        slug=organisation.slug,
        name=organisation.name,
        lines=organisation.header_lines,
        place=organisation.place,
        address=organisation.address,
        phone=organisation.phone,
        email=organisation.email,
        site=organisation.website,
        accent=organisation.accent,
        head_post=organisation.head_post,
        head_name=organisation.head_name,
        is_municipality=organisation.is_municipality,
    )


def organisation(slug: str) -> PublicOrganisation | None:
    """The working organisation with this address, or None."""
    found = Organisation.objects.filter(slug=slug, is_active=True).first()
    return shown(found) if found else None


def municipality() -> PublicOrganisation | None:
    """The first municipality of the installation, or None where a single school runs it."""
    found = Organisation.objects.filter(kind="municipality", is_active=True).order_by("pk").first()
    return shown(found) if found else None
