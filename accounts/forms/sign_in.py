"""Sign-in and passwords: what is asked and how a refusal reads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm

from accounts.models import User
from accounts.services.passwords import change_password

LONGEST_LOGIN = 254


class SignInForm(AuthenticationForm):
    """Login or e-mail, and a password. The refusal is the same whether or not such a person exists."""

    error_messages = {
        "invalid_login": "Логин или пароль не подошли. Проверьте раскладку клавиатуры и заглавные буквы.",
        "inactive": "Логин или пароль не подошли. Проверьте раскладку клавиатуры и заглавные буквы.",
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        login = self.fields["username"]
        login.label = "Логин или электронная почта"
        login.widget.attrs["maxlength"] = LONGEST_LOGIN

    def clean_username(self) -> str:
        """The account's own login: failures are counted by account, so its e-mail and other spellings of its login
        must not give further attempts."""
        typed = self.cleaned_data["username"].strip()
        if len(typed) > LONGEST_LOGIN:
            raise forms.ValidationError("Слишком длинно для логина или адреса почты.")
        person = User.objects.by_login(typed).order_by("pk").first()
        return person.username if person else typed.lower()


class OwnPasswordForm(PasswordChangeForm):
    """A person changes the own password, at will or after one issued by another person."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "Прежний пароль не подошёл. Введите его ещё раз.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Прежний пароль"
        if self.user.must_change_password:
            self.fields["old_password"].label = "Одноразовый пароль"

    def clean_new_password1(self) -> str:
        """A password that somebody else knows may not stay in use."""
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise forms.ValidationError("Придумайте другой пароль: этот вы уже используете.")
        return password

    def save(self, commit: bool = True) -> User:
        change_password(person=self.user, password=self.cleaned_data["new_password1"], how="самим пользователем")
        return self.user


class NewPasswordForm(SetPasswordForm):
    """A new password by the link from a letter."""

    def save(self, commit: bool = True) -> User:
        change_password(person=self.user, password=self.cleaned_data["new_password1"], how="по ссылке из письма")
        return self.user


class ResetForm(forms.Form):
    """Where to send the link."""

    email = forms.EmailField(
        label="Электронная почта",
        max_length=254,
        help_text="Адрес, который указан у вас в портале.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
