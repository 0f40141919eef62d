"""What this app prints: slips with the codes of invitations."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import Issued
from accounts.models.invitations import join_address
from core.documents.slips import Slip, slips_pdf

TITLE = "Приглашения в портал «Наставничество»"
WHAT_TO_DO = (
    "Наведите камеру телефона на квадрат или наберите адрес под ним, введите код и придумайте свой пароль. "
    "Код годится один раз, никому его не передавайте."
)


def invitation_slips_file(issued: Sequence[Issued]) -> tuple[str, bytes]:
    """Slips of the codes, four to a page: the name of the file and the PDF."""
    author = issued[0].invitation.organisation.name
    return "Листки с кодами для входа.pdf", slips_pdf([slip_of(one) for one in issued], title=TITLE, author=author)


def slip_of(issued: Issued) -> Slip:
    invitation = issued.invitation
    until = timezone.localtime(invitation.expires_at)
    return Slip(
        head=invitation.organisation.name,
        title="Приглашение в портал «Наставничество»",
        name=invitation.user.full_name,
        large=issued.spoken,
        facts=(("Логин", invitation.user.username), ("Годится до", f"{until:%d.%m.%Y}")),
        text=WHAT_TO_DO,
        address=join_address().partition("://")[2],
        link=issued.link,
    )
