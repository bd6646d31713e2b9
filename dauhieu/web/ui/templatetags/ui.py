"""The components of the site, and the filters which write numbers and dates. All are on the page of components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.translation import gettext as _

from dauhieu.web.practice.words import marked, practice_mark
from dauhieu.web.ui import refusals, words

register = template.Library()

# Points from which on a score is of the next level: few, notable, high, very high.
LEVELS = (10, 25, 50, 100)


@register.filter
def refusal(message: str, about: str) -> str:
    """A message of the core in the language of the page."""
    return refusals.refusal(message, about)


@register.filter
def refusal_lines(messages: str, about: str) -> str:
    return refusals.refusals(messages, about)


@register.filter
def vnd(value: int | None) -> str:
    """A sum in full."""
    return words.written("vnd", value)


@register.filter
def money(value: int | None) -> str:
    """A sum in billions or millions, for tiles and tables."""
    return words.short_money(value)


@register.filter
def count(value: int | None) -> str:
    return words.written("count", value)


@register.filter
def month(value: date | None) -> str:
    return words.written("month", value)


@register.filter
def day(value: date | None) -> str:
    return words.written("date", value)


@register.filter
def took(seconds: float) -> str:
    """How long something took, with the two greatest units."""
    whole = round(seconds)
    if whole < 60:
        return _("%(seconds)s s") % {"seconds": whole}
    if whole < 3600:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": whole // 60, "seconds": whole % 60}
    return _("%(hours)s h %(minutes)s min") % {"hours": whole // 3600, "minutes": whole % 3600 // 60}


@register.simple_tag
def practice() -> str:
    """The mark of practice; asked by a tag, for pages of errors are made without any context."""
    return practice_mark()


@register.simple_tag
def tab(title: str) -> str:
    """The title of a page as its tab shows it."""
    return marked(title)


@register.simple_tag
def share(part: int, whole: int) -> str:
    return words.share(part, whole)


@register.simple_tag(takes_context=True)
def here(context: Mapping[str, Any], **changed: Any) -> str:
    """The address of this page with other values in its query; the page number starts over."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


@register.inclusion_tag("ui/_crumbs.html")
def crumbs(*steps: str) -> dict[str, Any]:
    """`{% crumbs title url title url title %}`: where this page is; the last step is the page itself."""
    pairs = [(steps[i], steps[i + 1] if i + 1 < len(steps) else "") for i in range(0, len(steps), 2)]
    return {"steps": pairs}


@register.inclusion_tag("ui/_tile.html")
def tile(name: str, value: str, note: str = "", url: str = "", full: str = "") -> dict[str, Any]:
    """A figure which matters, with what it is and what it is measured against; `full` is the sum in full."""
    return {"name": name, "value": value, "note": note, "url": url, "full": full}


@register.inclusion_tag("ui/_delta.html")
def delta(now: int | None, before: int | None) -> dict[str, Any]:
    """How a figure moved since the month before; more is worse."""
    if now is None or before is None:
        return {"way": "none"}
    change = now - before
    way = "up" if change > 0 else "down" if change < 0 else "same"
    return {"way": way, "size": words.written("count", abs(change))}


@register.inclusion_tag("ui/_score.html")
def score(points: int) -> dict[str, Any]:
    """Points with their level, told by colour and in words."""
    level = sum(points >= least for least in LEVELS)
    names = (_("few points"), _("some points"), _("notable"), _("high"), _("very high"))
    return {"points": points, "level": level, "name": names[level]}


@register.inclusion_tag("ui/_bar.html")
def bar(part: int, whole: int) -> dict[str, Any]:
    """A length beside a number; says nothing which the number does not."""
    return {"width": max(2, round(100 * part / whole)) if whole else 0}


@register.inclusion_tag("ui/_badge.html")
def badge(text: str, tone: str = "") -> dict[str, Any]:
    """`tone` is bad, warn, good or cool."""
    return {"text": text, "tone": tone}


@register.inclusion_tag("ui/_switch.html", takes_context=True)
def switch(context: Mapping[str, Any], name: str, chosen: str, options: Iterable[tuple[str, str]], label: str) -> Any:
    """A choice between a few views of the same; each is a link."""
    links = [(here(context, **{name: value}), text, value == chosen) for value, text in options]
    return {"links": links, "label": label}


@register.inclusion_tag("ui/_select.html")
def select(name: str, chosen: str, options: Iterable[tuple[str, str]], label: str) -> dict[str, Any]:
    """A filter; the empty choice is all."""
    return {"name": name, "chosen": chosen, "options": [*options], "label": label}


@register.inclusion_tag("ui/_empty.html")
def empty(title: str, following: str = "", url: str = "", act: str = "") -> dict[str, Any]:
    """What to say where there is nothing: why, and what to do next."""
    return {"title": title, "following": following, "url": url, "act": act}


@register.inclusion_tag("ui/_pages.html", takes_context=True)
def pages(context: Mapping[str, Any], page: int, last: int) -> dict[str, Any]:
    """To the page before and the next."""
    return {
        "page": page,
        "last": last,
        "before": here(context, page=page - 1) if page > 1 else "",
        "after": here(context, page=page + 1) if page < last else "",
    }


@register.inclusion_tag("ui/_stale.html")
def stale(as_of: date, moment: datetime) -> dict[str, Any]:
    """To which day the data goes, and when it was read."""
    return {"as_of": as_of, "moment": moment}


@register.inclusion_tag("ui/_chart.html")
def chart(name: str, data: Mapping[str, Any], label: str) -> dict[str, Any]:
    """A chart of months with the table which says the same: {months, series: [{name, kind, values, axis}]}."""
    series: Sequence[Mapping[str, Any]] = data["series"]
    rows = [(month, [one["values"][i] for one in series]) for i, month in enumerate(data["months"])]
    locale = "vi-VN" if words.language() == "vi" else "en-GB"
    return {"name": name, "label": label, "data": {**data, "locale": locale}, "series": series, "rows": rows}
