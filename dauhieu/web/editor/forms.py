"""The interview which begins a sign: whom it names, what it points at, in which table the rows stand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dauhieu.catalogue.draft import Draft as Interview
from dauhieu.catalogue.draft import countable_tables
from dauhieu.catalogue.sign import AMOUNT_KINDS, LegalBasis
from dauhieu.warehouse.contract import Text, contract
from dauhieu.web.editor.texts import day
from dauhieu.web.signs.names import amount_options, subject_options
from dauhieu.web.signs.shelf import catalogue
from dauhieu.web.ui.words import language

SUBJECTS = ("person", "employer", "facility", "practitioner", "officer", "agent", "bank_account")
SHORT, LONG = 150, 600


class NewSign(forms.Form):
    violation = forms.ChoiceField(label=_("Violation it points at"))
    subject = forms.ChoiceField(label=_("Whom it names"))
    table = forms.ChoiceField(label=_("Table whose rows are looked at"))
    title_vi = forms.CharField(label=_("Title in Vietnamese"), max_length=SHORT)
    title_en = forms.CharField(label=_("Title in English"), max_length=SHORT)
    rule_vi = forms.CharField(label=_("The rule in one sentence, in Vietnamese"), max_length=LONG)
    rule_en = forms.CharField(label=_("The rule in one sentence, in English"), max_length=LONG)
    instrument = forms.CharField(
        label=_("Law"), max_length=SHORT, help_text=_("As in other signs, such as SI Law 41/2024/QH15.")
    )
    article = forms.CharField(label=_("Article"), max_length=SHORT, help_text=_("Such as Art. 34(2), 39(1)(a)."))
    since = forms.CharField(label=_("In force since"), max_length=10, help_text=_("Such as 01/07/2025."))
    severity = forms.ChoiceField(
        label=_("Severity"), choices=[(str(one), f"{one}/5") for one in range(1, 6)], initial="3"
    )
    amount_kind = forms.ChoiceField(label=_("Kind of amount"), initial=AMOUNT_KINDS[-1])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = language()
        known = catalogue().violations
        self.fields["violation"].choices = [
            (name, f"{name} {getattr(one.title, spoken)}") for name, one in known.items()
        ]
        self.fields["subject"].choices = subject_options(SUBJECTS)
        self.fields["table"].choices = [
            (one.name, f"{getattr(one.meaning, spoken)} ({one.name})")
            for one in contract().tables.values()
            if one.happens and one.clocked and not one.name.endswith("_identity")
        ]
        self.fields["amount_kind"].choices = amount_options()

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        subject, table = found.get("subject"), found.get("table")
        if subject and table and table not in (usable := countable_tables(contract(), subject)):
            fitting = ", ".join(usable)
            self.add_error(
                "table", _("Its rows do not name such a subject. These do: %(tables)s") % {"tables": fitting}
            )
        if isinstance(since := day(found.get("since", "")), str):
            self.add_error("since", _("This is no day. Write it as 01/07/2025."))
        found["since"] = since
        return found

    def interview(self) -> Interview:
        given = self.cleaned_data
        return Interview(
            violation=given["violation"],
            branch=catalogue().violations[given["violation"]].branch,
            subject=given["subject"],
            title=Text(given["title_vi"], given["title_en"]),
            rule=Text(given["rule_vi"], given["rule_en"]),
            severity=int(given["severity"]),
            amount_kind=given["amount_kind"],
            legal_basis=(LegalBasis(given["instrument"], given["article"], given["since"], None),),
            tables=(given["table"],),
            thresholds={},
        )
