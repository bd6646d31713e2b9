from __future__ import annotations

from django.utils.module_loading import import_string

from dauhieu.web.accounts.queries import scope_of
from dauhieu.web.accounts.scope import ScopeError
from dauhieu.web.exports.kinds import Kind
from dauhieu.web.exports.models import Export


def still_may(export: Export) -> bool:
    """Whether what the account may today reaches as far as what it might when it asked."""
    kind: Kind = import_string(export.kind)
    if not export.user.is_active:
        return False
    try:
        return scope_of(export.user, kind.needs).covers(export.scope)
    except ScopeError:
        return False
