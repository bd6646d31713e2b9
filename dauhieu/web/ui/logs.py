"""How the site writes to its log: one line of JSON, with what happened where and when, and nobody's data.

The words of an error are left out, for a database tells in them the values which it could not take, and so are those
which others fill in. The kind of an error and the lines of code it came through are kept.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

FRAMES = 12
# Loggers which are told no data.
OURS = "dauhieu"


class Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": record.getMessage() if record.name.startswith(OURS) else _form(record.msg),
        }
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            # The form of the address, not what somebody wrote into it.
            told |= {"method": request.method, "route": match.route if match else None}
        status = getattr(record, "status_code", None)
        if status is not None:
            told |= {"status": status, "what": HTTPStatus(status).phrase}
        if record.exc_info and record.exc_info[0]:
            kind, _value, trace = record.exc_info
            told["error"] = kind.__name__
            told["through"] = [
                f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(trace)[-FRAMES:]
            ]
        return json.dumps(told, ensure_ascii=False, default=str)


def _form(said: object) -> str:
    """What was said before it was filled in; of an error, or whatever else, its kind."""
    return said if isinstance(said, str) else type(said).__name__
