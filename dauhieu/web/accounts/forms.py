from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """As allauth's, but for what is said to those who forgot the password: nobody resets his own here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = _(
            "Forgotten? The administrator of your office gives you a link for a new one."
        )
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
