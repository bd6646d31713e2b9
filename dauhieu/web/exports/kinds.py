"""What can be handed out: each kind says who may, how many rows it would have, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.ui.workbook import Sheet


@dataclass(frozen=True, slots=True)
class Wish:
    """Who asks, where he may read, and for what: the query of an address and what its path names."""

    user: User
    scope: Scope
    query: QueryDict
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Handout:
    """A file before it is written; `subject` and `details` are for the trail and hold no words somebody typed."""

    name: str
    sheet: Sheet
    subject: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Kind:
    """`make` raises Http404 where there is nothing for this wish."""

    needs: Permission
    count: Callable[[Wish], int]
    make: Callable[[Wish], Handout]
