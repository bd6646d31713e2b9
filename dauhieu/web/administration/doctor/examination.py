from __future__ import annotations

from django.utils.translation import gettext as _

from dauhieu.web.administration.doctor import kept, machine, served
from dauhieu.web.administration.doctor.line import ORDER, Line
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act


def examine(*, thorough: bool, by: str) -> tuple[Line, ...]:
    """All lines, worst first. A thorough examination is kept in the trail with what it found."""
    found = (*served.lines(), *kept.lines(thorough=thorough, by=by), *machine.lines())
    lines = sorted(found, key=lambda line: ORDER.index(line.state))
    if thorough:
        counts = {state: sum(line.state == state for line in lines) for state in ORDER}
        store = next((line.state for line in lines if line.name == _("Store")), "red")
        record(act=Act.EXAMINED, by=by, details=counts | {"store": store})
    return tuple(lines)
