from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.roles import ROLES
from dauhieu.web.accounts.scope import BRANCH_TITLES, Reach
from dauhieu.web.administration.territories import Territories

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(
        label=_("Name for signing in"),
        max_length=60,
        help_text=_("Letters, digits and dots, as the agency names its staff: nguyen.van.an"),
        validators=User._meta.get_field("username").validators,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    full_name = forms.CharField(label=_("Full name"), max_length=150)
    email = forms.EmailField(label=_("E-mail at work"), required=False)

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"].lower()
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("There is such an account already."))
        return name


class RoleForm(forms.Form):
    """A role, where, for which branch, and when."""

    role = forms.ChoiceField(label=_("Role"))
    territory = forms.ChoiceField(label=_("Where"))
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    valid_from = forms.DateField(label=_("From"), widget=DAY)
    valid_to = forms.DateField(label=_("To (open if empty)"), widget=DAY, required=False)

    def __init__(self, territories: Territories, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [(role.name, role.title) for role in ROLES.values()]
        fields["territory"].choices = territories.choices()
        fields["branch"].choices = [("", _("All branches")), *BRANCH_TITLES.items()]
        fields["valid_from"].initial = timezone.localdate

    @property
    def reach(self) -> Reach:
        kind, _sign, code = self.cleaned_data["territory"].partition(":")
        return Reach(kind, code, self.cleaned_data["branch"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        begin, end = given.get("valid_from"), given.get("valid_to")
        if begin and end and end < begin:
            self.add_error("valid_to", _("The last day is before the first."))
        return given
