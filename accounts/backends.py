"""Sign-in by login or by e-mail."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import User


class LoginOrEmailBackend(ModelBackend):
    """Finds the person by either word; an unknown login costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        person = User.objects.by_login(username.strip()[:254]).order_by("pk").first()
        if person is None:
            User().set_password(password)
            return None
        return person if person.check_password(password) and self.user_can_authenticate(person) else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Rights come from the table of permissions only, for superusers too."""
        return False
