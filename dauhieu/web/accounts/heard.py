"""What allauth tells of accounts goes into the trail. Nothing else here listens to signals: allauth gives no
other way."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset

from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act

HEARD = (
    (password_changed, Act.PASSWORD_CHANGED),
    (password_reset, Act.PASSWORD_CHANGED),
    (authenticator_added, Act.FACTOR_ADDED),
    (authenticator_reset, Act.FACTOR_ADDED),
    (authenticator_removed, Act.FACTOR_REMOVED),
)


def listen() -> None:
    for signal, act in HEARD:
        signal.connect(_keeper(act), dispatch_uid=f"trail-{act}-{id(signal)}", weak=False)


def _keeper(act: Act) -> Any:
    def keep(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        kind = getattr(kwargs.get("authenticator"), "type", "")
        record(act=act, by=user.username, details={"kind": kind} if kind else None)

    return keep
