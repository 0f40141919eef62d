"""A form that asks for the own password once more if the last one was long ago."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from accounts.http import CabinetRequest
from accounts.services.reauthentication import confirm_password, is_confirmed

WRONG_PASSWORD = "Пароль не подошёл. Проверьте раскладку клавиатуры и заглавные буквы."  # noqa: S105 - a sentence
NO_PASSWORD = "Введите пароль: с последнего ввода прошло больше 15 минут."  # noqa: S105 - a sentence


class ReauthenticationForm(forms.Form):
    """Base of the forms of dangerous actions. `password` stands last, and only when it is due.

    A page that was opened in time and sent too late comes back with the field and with everything typed. The view
    hides the password from reports of failures by `sensitive_post_parameters("password")`.
    """

    PURPOSE: ClassVar[str]

    password = forms.CharField(
        label="Ваш пароль",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Вы вводили его больше 15 минут назад. Портал проверяет, что за компьютером именно вы.",
        error_messages={"required": NO_PASSWORD},
    )

    def __init__(self, *args: Any, request: CabinetRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.order_fields([name for name in self.fields if name != "password"])
        if is_confirmed(request.session):
            del self.fields["password"]

    def clean_password(self) -> str:
        request, password = self.request, self.cleaned_data["password"]
        if not confirm_password(request=request, actor=request.user, password=password, purpose=self.PURPOSE):
            raise forms.ValidationError(WRONG_PASSWORD)
        return password
