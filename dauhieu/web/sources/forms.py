from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dauhieu.warehouse.contract import contract
from dauhieu.web.radar.names import table_name
from dauhieu.web.sources import upload

MONTH = re.compile(r"(0[1-9]|1[0-2])/(20\d\d)")


class SendForm(forms.Form):
    """A file to deliver, and how it is meant."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, XLSX, XML of claims, Parquet; also packed as zip or gz."),
        widget=forms.FileInput(attrs={"accept": ",".join(upload.KINDS)}),
    )
    table = forms.ChoiceField(
        label=_("Table"),
        required=False,
        help_text=_("Not needed where the file is named after its table, for the D02 form and claims in XML."),
    )
    mode = forms.ChoiceField(label=_("How it is meant"), choices=())
    months = forms.CharField(
        label=_("Months which it replaces"),
        required=False,
        max_length=200,
        help_text=_("For a replacement: 09/2026, 10/2026"),
    )
    encoding = forms.ChoiceField(label=_("Letters"), required=False, choices=())

    def __init__(self, *args: Any, national: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        tables = [table.name for table in contract().tables.values() if table.clocked]
        fields["table"].choices = [
            ("", _("As the file is named")),
            *((name, f"{name}: {table_name(name)}") for name in sorted(tables)),
        ]
        fields["mode"].choices = [("adds", _("adds and corrects"))]
        if national:
            fields["mode"].choices += [("replaces", _("replaces whole months"))]
        else:
            # A month is of all places.
            del fields["months"]
        fields["encoding"].choices = [("", _("Unicode (UTF-8)")), ("tcvn3", "TCVN3 (ABC)"), ("vni", "VNI")]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        upload.check(file)
        return file

    def clean_months(self) -> str:
        asked = [one.strip() for one in self.cleaned_data["months"].split(",") if one.strip()]
        found = [MONTH.fullmatch(one) for one in asked]
        if None in found:
            raise forms.ValidationError(_("Write months as 09/2026, 10/2026."))
        return ",".join(f"{one.group(2)}-{one.group(1)}" for one in found if one)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if (given.get("mode") == "replaces") != bool(given.get("months")) and not self.errors:
            self.add_error("months", _("A replacement names its months, and only it does."))
        return given
