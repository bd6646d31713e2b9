from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What somebody who knows the agency tries first: its names, its papers, its cities, its ranks. Longer ones first, so
# that a word is taken away before its parts.
WORDS = (
    "baohiemxahoi baohiemyte baohiemthatnghiep vietnam baohiem dauhieu thanhtra giamdinh kiemtra kiemtoan lanhdao "
    "quantri administrator inspector dangnhap matkhau password welcome hanoi saigon hochiminh danang haiphong cantho "
    "xahoi thatnghiep bhxh bhyt bhtn vssid vneid vss admin"
).split()
# As much as a password must have beside such words.
LEAST_BESIDE = 8


class WordsOfTheHouse:
    """Refuses a password made of words which anybody at the agency would try."""

    def validate(self, password: str, user: Any = None) -> None:
        plain = unicodedata.normalize("NFD", password.lower()).replace("đ", "d")
        left = re.sub(r"[^a-z0-9]", "", plain)
        found = False
        for word in WORDS:
            found |= word in left
            left = left.replace(word, "")
        if found and len(left) < LEAST_BESIDE:
            raise ValidationError(self.get_help_text(), code="password_of_the_house")

    def get_help_text(self) -> str:
        return _("The password is not made of words of the agency, such as its name, with a year.")
