from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dauhieu.catalogue import blocks as forms
from dauhieu.catalogue.draft import FACT, LEAST_ROWS, WHY_LEAST, countable_tables
from dauhieu.errors import DauhieuError
from dauhieu.law.read import law
from dauhieu.proof.promotion import RISES_TO
from dauhieu.warehouse.contract import contract
from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import permissions_of
from dauhieu.web.editor import actions, blockform, queries, texts
from dauhieu.web.editor.checking import Checked, check
from dauhieu.web.editor.forms import NewSign
from dauhieu.web.editor.grids import ExampleForm, example_form, posted_example
from dauhieu.web.editor.models import BACK_TEST, DRY_RUN, SUBMITTED, WRITING, Draft
from dauhieu.web.editor.words import STATE_TONES, change_part, part_options, state_name, trial_name
from dauhieu.web.jobs.words import job_state
from dauhieu.web.signs.names import amount_options, status_options, subject_options
from dauhieu.web.signs.queries import law_value
from dauhieu.web.signs.shelf import plain
from dauhieu.web.signs.shelf import sign as find_sign
from dauhieu.web.ui.refusals import refusal
from dauhieu.web.ui.words import language

# Parts which are saved by a form of their own.
WRITERS: Mapping[str, Callable[[texts.Data, texts.Post], None]] = {"texts": texts.write_texts, "law": texts.write_law}
SHOWN = 40


def _draft(number: int) -> Draft:
    found = Draft.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _tell(request: ScopedRequest, error: ValidationError | DauhieuError) -> None:
    if isinstance(error, ValidationError):
        told = error.messages
    else:
        told = [refusal(fault.message, "sign") for fault in error.faults]
    for one in told:
        messages.error(request, one)


@needs(Permission.SEE_DRAFTS)
def drafts(request: ScopedRequest) -> HttpResponse:
    """Every draft: what waits for somebody, what is being written, what was decided."""
    found = queries.desk(request.user.username)
    may = permissions_of(request.user)

    def told(rows: Any) -> list[tuple[Draft, str, str, str]]:
        return [(one, _title(one), state_name(one), STATE_TONES[one.state]) for one in rows]

    context = {
        "waiting": told(found.waiting),
        "mine": told(found.mine),
        "others": told(found.others),
        "closed": told(found.closed),
        "may_write": Permission.WRITE_SIGNS in may,
        "may_approve": Permission.APPROVE_SIGNS in may,
    }
    return render(request, "editor/drafts.html", context)


def _title(draft: Draft) -> str:
    data = texts.read(draft.sign_text)
    title = data.get("title") if isinstance(data, dict) else None
    return str(title.get(language(), "")) if isinstance(title, dict) else draft.sign_id


@needs(Permission.WRITE_SIGNS)
def new(request: ScopedRequest) -> HttpResponseBase:
    form = NewSign(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.begin_new(interview=form.interview(), scope=request.scope, by=request.user.username)
            return redirect("draft", draft.pk, "logic")
        except (ValidationError, DauhieuError) as error:
            _tell(request, error)
    return render(request, "editor/new.html", {"form": form})


@needs(Permission.WRITE_SIGNS)
@require_POST
def begin(request: ScopedRequest, sign_id: str) -> HttpResponseBase:
    sign = find_sign(sign_id)
    if sign is None:
        raise Http404
    try:
        draft = actions.begin_change(sign=sign, scope=request.scope, by=request.user.username)
    except (ValidationError, DauhieuError) as error:
        _tell(request, error)
        return redirect("sign", sign_id)
    return redirect("draft", draft.pk, "texts")


@needs(Permission.WRITE_SIGNS)
def retire(request: ScopedRequest, sign_id: str) -> HttpResponseBase:
    sign = find_sign(sign_id)
    if sign is None:
        raise Http404
    given = {name: request.POST.get(name, "") for name in ("reason_vi", "reason_en", "replaced_by")}
    if request.method == "POST":
        try:
            draft = actions.begin_retiring(sign=sign, scope=request.scope, by=request.user.username, **given)
            return redirect("draft", draft.pk, "publish")
        except (ValidationError, DauhieuError) as error:
            _tell(request, error)
    context = {"sign": sign, "title": getattr(sign.title, language()), "given": given}
    return render(request, "editor/retire.html", context)


@needs(Permission.SEE_DRAFTS)
def draft(request: ScopedRequest, number: int, part: str) -> HttpResponse:
    """One part of a draft, with everything the checks say of it beside the field it is about."""
    found = _draft(number)
    if part not in dict(part_options(found)):
        raise Http404
    checked = check(found)
    context = _context(request, found, checked, part) | PARTS[part](request, found, checked)
    return render(request, f"editor/{part}.html", context)


def _context(request: ScopedRequest, found: Draft, checked: Checked, part: str) -> dict[str, Any]:
    may = permissions_of(request.user)
    own = found.author == request.user.username and Permission.WRITE_SIGNS in may
    faults = {name: len(checked.of(name)) for name, _title in part_options(found)}
    return {
        "draft": found,
        "title": _title(found),
        "data": texts.read(found.sign_text),
        "part": part,
        "parts": [(name, text, faults[name]) for name, text in part_options(found)],
        "state": state_name(found),
        "tone": STATE_TONES[found.state],
        "told": checked.of(part),
        "all_faults": len(checked.faults),
        "is_author": own,
        "may_write": own and found.state == WRITING,
        "may_approve": Permission.APPROVE_SIGNS in may
        and found.state == SUBMITTED
        and found.author != request.user.username
        and actions.covers(request.scope, found.branch),
    }


def _texts(request: ScopedRequest, found: Draft, checked: Checked) -> dict[str, Any]:
    data = texts.read(found.sign_text)
    pairs = (
        ("title", _("Title"), _("Short, as it stands in lists.")),
        ("rule", _("The rule in one sentence"), _("What an expert signs: whom, what, from how many.")),
        (
            "explain",
            _("The sentence of a finding"),
            _("Facts stand in braces with their form, such as {period_from:month}."),
        ),
        ("reading", _("How the rule is read"), _("What the data does not hold, and what was decided. May be empty.")),
    )
    lists = (
        (
            "innocent_explanations",
            _("What may explain it"),
            _("One a line, as many in both languages. Write them before the thresholds."),
        ),
        ("ask_for", _("What to ask for"), _("Documents which clear or confirm it, one a line.")),
    )
    return {
        "pairs": [(word, title, note, _languages(data.get(word))) for word, title, note in pairs],
        "lists": [(word, title, note, _joined(data.get(word))) for word, title, note in lists],
        "severity_options": [(level, f"{level}/5") for level in range(1, 6)],
        "amount_options": amount_options(),
    }


def _languages(text: Any) -> list[tuple[str, str, str]]:
    given = text if isinstance(text, dict) else {}
    return [("vi", "Tiếng Việt", str(given.get("vi", ""))), ("en", "English", str(given.get("en", "")))]


def _joined(both: Any) -> list[tuple[str, str, str]]:
    given = both if isinstance(both, dict) else {}
    return _languages({name: "\n".join(map(str, given.get(name) or [])) for name in ("vi", "en")})


def _law(request: ScopedRequest, found: Draft, checked: Checked) -> dict[str, Any]:
    data = texts.read(found.sign_text)
    words = ("instrument", "article", "from", "to")
    basis = [_shown(one, words) for one in data.get("legal_basis") or [] if isinstance(one, dict)]
    tuning = []
    for name, one in (data.get("tuning") or {}).items():
        why = one.get("why") if isinstance(one, dict) else ""
        both = why if isinstance(why, dict) else {"vi": why, "en": why}
        tuning.append({"name": name, "value": texts.shown(one.get("value")), "unit": one.get("unit", ""), **both})
    return {
        "basis": list(enumerate([*basis, _shown({}, words)])),
        "tuning": list(enumerate([*tuning, _shown({}, ("name", "value", "unit", "vi", "en"))])),
        "applies": _shown(data.get("applies") or {}, ("from", "to")),
        **_reference(request),
    }


def _shown(found: Mapping[str, Any], words: tuple[str, ...]) -> dict[str, str]:
    return {word: texts.shown(found[word]) if word in found else "" for word in words}


def _reference(request: ScopedRequest) -> dict[str, Any]:
    """Statutory values with their times of force, and the columns of a table: what may be written into a rule."""
    search = request.GET.get("q", "").strip()[:60]
    words = plain(search).split()
    known = [
        law_value(one)
        for one in law().parameters.values()
        if words and all(word in plain(f"{one.name} {one.vi} {one.en}") for word in words)
    ]
    table = request.GET.get("table", "")
    return {
        "search": search,
        "law_values": known[:SHOWN],
        "table": table,
        "table_options": queries.table_options(),
        "columns": queries.columns_of(table),
    }


def _logic(request: ScopedRequest, found: Draft, checked: Checked) -> dict[str, Any]:
    data = texts.read(found.sign_text)
    needed = data.get("needs") or {}
    context: dict[str, Any] = {
        "by_hand": found.by_hand,
        "compound": "compound" in data,
        "sql": data.get("sql", ""),
        "evidence": data.get("evidence", ""),
        "required": list(enumerate([*(needed.get("required") or {}).items(), ("", "any")])),
        "helpful": ", ".join(needed.get("helpful") or []),
        "signs": ", ".join(needed.get("signs") or []),
        "identity": bool(needed.get("identity")),
        "kind_options": subject_options(contract().kinds),
        "countable": _first_tables(str(data.get("subject", ""))),
        **_reference(request),
    }
    if found.blocks:
        blocks = forms.from_json(json.loads(found.blocks))
        context["form"] = blockform.form(blocks, str(data.get("subject", "")), list(data.get("tuning") or {}), law())
        if not found.by_hand:
            try:
                forms.select(blocks, contract(), law(), data.get("tuning") or {})
            except DauhieuError as error:
                context["lacking"] = [fault.message for fault in error.faults]
    return context


def _first_tables(subject: str) -> list[tuple[str, str]]:
    """Tables a form of blocks may begin with."""
    spoken = language()
    return [
        (name, f"{getattr(contract().table(name).meaning, spoken)} ({name})")
        for name in countable_tables(contract(), subject)
    ]


def _examples(request: ScopedRequest, found: Draft, checked: Checked) -> dict[str, Any]:
    data = texts.read(found.examples_text)
    items = texts.example_list(data)
    told = {
        one.field: [two.message for two in checked.of("examples") if two.field == one.field]
        for one in checked.of("examples")
    }
    return {
        "items": [(place, example_form(item, ()), told.get(str(place), [])) for place, item in enumerate(items)],
        "general": told.get("", []),
        "given": example_form(data.get("given") or {}, ()) if isinstance(data, dict) and data.get("given") else None,
    }


def _try(request: ScopedRequest, found: Draft, checked: Checked) -> dict[str, Any]:
    scanned = queries.months()
    return {
        "trials": _shown_trials(queries.trials(found, checked.text, request.scope)),
        "month_options": [(f"{one:%Y-%m}", one) for one in scanned],
        "first_month": f"{_earlier(scanned[0], 5):%Y-%m}" if scanned else "",
        "last_month": f"{scanned[0]:%Y-%m}" if scanned else "",
        "runs": not any(one.part == "logic" for one in checked.faults) and checked.sign is not None,
        "subject": dict(subject_options([checked.sign.subject])).get(checked.sign.subject, "") if checked.sign else "",
    }


def _earlier(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _shown_trials(rows: Any) -> list[tuple[Any, str, str]]:
    return [(row, trial_name(row.asked), job_state(row.asked.job.state) if row.asked.job else "") for row in rows]


def _publish(request: ScopedRequest, found: Draft, checked: Checked) -> dict[str, Any]:
    to = found.to_status if found.to_status in RISES_TO else "experimental"
    names = dict(status_options())
    newest = actions.forecast(found, checked.text) if checked.sign else None
    risen = []
    if checked.sign and not found.retiring:
        for status in RISES_TO:
            seen = actions.rise_conditions(found, checked, status, (found.author,))
            risen.append((status, names[status], seen))
    changed = queries.difference(found, checked)
    row = queries.trial_row(newest, checked.text, request.scope) if newest else None
    return {
        "difference": changed,
        "changes": [(change_part(one.part), one) for one in changed.changes],
        "to": to,
        "to_name": names.get(found.to_status, ""),
        "status_choices": [(status, names[status]) for status in RISES_TO],
        "risen": [(name, seen) for _status, name, seen in risen if seen],
        "hindrances": actions.hindrances(found, to) if found.state == WRITING else [],
        "forecast": row,
        "language": language(),
    }


PARTS: Mapping[str, Callable[[ScopedRequest, Draft, Checked], dict[str, Any]]] = {
    "texts": _texts,
    "law": _law,
    "logic": _logic,
    "examples": _examples,
    "try": _try,
    "publish": _publish,
}


@needs(Permission.WRITE_SIGNS)
@require_POST
def save(request: ScopedRequest, number: int, part: str) -> HttpResponseBase:
    """Keep one part; what is wrong with it is shown on its page, and keeps nobody from saving half a thought."""
    found = _draft(number)
    try:
        if part == "logic":
            _save_logic(request, found)
        elif part in WRITERS:
            data = texts.read(found.sign_text)
            WRITERS[part](data, request.POST)
            _keep(request, found, sign=data)
        else:
            raise Http404
    except (ValidationError, DauhieuError) as error:
        _tell(request, error)
    return redirect("draft", number, part)


def _keep(request: ScopedRequest, found: Draft, **changes: Any) -> None:
    revision = request.POST.get("revision", "")
    seen = int(revision) if revision.isdecimal() else -1
    actions.save(draft=found, revision=seen, by=request.user.username, **changes)
    faults = len(check(found).faults)
    if faults:
        messages.warning(request, _("Saved. The checks say %(number)s things.") % {"number": faults})
    else:
        messages.success(request, _("Saved. The checks find nothing wrong."))


def _save_logic(request: ScopedRequest, found: Draft) -> None:
    data = texts.read(found.sign_text)
    deed = request.POST.get("deed")
    if deed == "blocks":
        blocks = blockform.posted(request.POST)
        kept = json.dumps(blocks.as_json(), ensure_ascii=False)
        try:
            data = actions.blocks_written(data, blocks)
        except DauhieuError as error:
            # The form is kept as it is; the rule stays what it was until the form is whole.
            _tell(request, error)
            return _keep(request, found, blocks=kept)
        return _keep(request, found, sign=data, blocks=kept, by_hand=False)
    if deed == "restart":
        table = request.POST.get("table", "")
        first = forms.first_blocks(contract(), table, str(data["subject"]), LEAST_ROWS, FACT)
        least = {"value": 2, "unit": "rows", "why": {"vi": WHY_LEAST.vi, "en": WHY_LEAST.en}}
        data["tuning"] = {LEAST_ROWS: least, **(data.get("tuning") or {})}
        data = actions.blocks_written(data, first)
        return _keep(request, found, sign=data, blocks=json.dumps(first.as_json()), by_hand=False)
    before = (data.get("sql"), data.get("evidence"))
    texts.write_sql(data, request.POST)
    texts.write_needs(data, request.POST)
    same = before == (data["sql"], data["evidence"])
    return _keep(request, found, sign=data, by_hand=found.by_hand or not same)


@needs(Permission.SEE_DRAFTS)
def example(request: ScopedRequest, number: int, place: str) -> HttpResponse:
    """One example as tables which can be edited, or the tables which all examples share."""
    found = _draft(number)
    item = _example_of(found, place)
    checked = check(found)
    facts = tuple(checked.sign.needs.required) if checked.sign else ()
    shown: ExampleForm = example_form(item, facts)
    told = tuple(one for one in checked.of("examples") if one.field in ("", place))
    context = _context(request, found, checked, "examples")
    context |= {
        "place": place,
        "form": shown,
        "told": told,
        "table_options": queries.table_options(),
        "columns_of": {one.name: queries.columns_of(one.name) for one in shown.tables},
    }
    return render(request, "editor/example.html", context)


def _example_of(found: Draft, place: str) -> texts.Data:
    data = texts.read(found.examples_text)
    if place == "given":
        return dict((data.get("given") or {}) if isinstance(data, dict) else {})
    items = texts.example_list(data)
    if not place.isdecimal() or int(place) >= len(items):
        raise Http404
    return dict(items[int(place)])


@needs(Permission.WRITE_SIGNS)
@require_POST
def save_example(request: ScopedRequest, number: int, place: str) -> HttpResponseBase:
    """Keep, duplicate, remove or add an example."""
    found = _draft(number)
    data = texts.read(found.examples_text)
    items = list(texts.example_list(data))
    deed = request.POST.get("deed", "")
    try:
        if place == "given":
            shared = posted_example(request.POST, _example_of(found, place), titled=False)
            base = data if isinstance(data, dict) else {"examples": items}
            kept = {"given": shared, **base} | {"given": shared} if shared else {**base, "given": {}}
            _keep(request, found, examples=kept)
            return redirect("draft_example", number, place)
        if place == "new":
            items.append(_first_example(found, items))
            _keep(request, found, examples=texts.with_examples(data, items))
            return redirect("draft_example", number, str(len(items) - 1))
        item = _example_of(found, place)
        at = int(place)
        if deed == "remove":
            items.pop(at)
        elif deed in ("duplicate", "silent"):
            copy = dict(item) | {"example": _other_title(items, str(item.get("example", "")))}
            items.insert(at + 1, copy | ({"finds": []} if deed == "silent" else {}))
            at += 1
        else:
            items[at] = posted_example(request.POST, item, titled=True)
        _keep(request, found, examples=texts.with_examples(data, items))
    except (ValidationError, DauhieuError) as error:
        _tell(request, error)
    return redirect("draft", number, "examples") if deed == "remove" else redirect("draft_example", number, str(at))


def _first_example(found: Draft, items: list[texts.Data]) -> texts.Data:
    """A silent example with the tables which the sign needs, all empty."""
    needed = (texts.read(found.sign_text).get("needs") or {}).get("required") or {}
    tables = {name: f"{contract().tables[name].key[0]}\n" for name in needed if name in contract().tables}
    day = items[-1].get("as_of") if items else None
    title = _other_title(items, _("New example"))
    return {"example": title, "as_of": day or actions.month_end(date.today()), **tables, "finds": []}


def _other_title(items: list[texts.Data], title: str) -> str:
    taken = {str(one.get("example")) for one in items}
    names = (f"{title} ({turn})" for turn in range(2, 1000))
    return next(name for name in names if name not in taken)


@needs(Permission.WRITE_SIGNS)
@require_POST
def try_out(request: ScopedRequest, number: int) -> HttpResponseBase:
    found = _draft(number)
    kind = request.POST.get("kind")
    try:
        last = actions.month_end(_month(request.POST.get("last", "")))
        first = last if kind == DRY_RUN else actions.month_end(_month(request.POST.get("first", "")))
        chosen = DRY_RUN if kind == DRY_RUN else BACK_TEST
        actions.ask_trial(draft=found, kind=chosen, first=first, last=last, by=request.user.username)
    except ValueError:
        messages.error(request, _("This is no month."))
    except (ValidationError, DauhieuError) as error:
        _tell(request, error)
    return redirect("draft", number, "try")


def _month(written: str) -> date:
    return date.fromisoformat(f"{written.strip()}-01")


@needs(Permission.SEE_DRAFTS)
def trial(request: ScopedRequest, number: int, trial_number: int) -> HttpResponse:
    """How far a dry run or back-test has come; the page asks again while it runs."""
    found = _draft(number)
    asked = found.trials.filter(pk=trial_number).select_related("job").first()
    if asked is None:
        raise Http404
    checked = check(found)
    row = queries.trial_row(asked, checked.text, request.scope)
    context = _context(request, found, checked, "try")
    (shown,) = _shown_trials([row])
    return render(request, "editor/_trial.html" if request.htmx else "editor/trial.html", context | {"one": shown})


@needs(Permission.WRITE_SIGNS)
@require_POST
def stop_trial(request: ScopedRequest, number: int, trial_number: int) -> HttpResponseBase:
    found = _draft(number)
    asked = found.trials.filter(pk=trial_number).select_related("draft").first()
    if asked is None:
        raise Http404
    try:
        actions.stop_trial(asked=asked, by=request.user.username)
    except ValidationError as error:
        _tell(request, error)
    return redirect("draft", number, "try")


@needs(Permission.WRITE_SIGNS)
@require_POST
def submit(request: ScopedRequest, number: int) -> HttpResponseBase:
    """Hand the draft to somebody else, or give it up."""
    found = _draft(number)
    by = request.user.username
    try:
        if request.POST.get("deed") == "withdraw":
            actions.withdraw(draft=found, by=by)
            messages.success(request, _("The draft is withdrawn."))
            return redirect("drafts")
        to, words = request.POST.get("to", ""), request.POST.get("message", "")
        actions.submit(draft=found, to=to, message=words, by=by)
        messages.success(request, _("Submitted. Somebody else approves it or sends it back."))
    except (ValidationError, DauhieuError) as error:
        _tell(request, error)
    return redirect("draft", number, "publish")


@needs(Permission.APPROVE_SIGNS)
@require_POST
def decide(request: ScopedRequest, number: int) -> HttpResponseBase:
    """Approve what was submitted, or send it back with words."""
    found = _draft(number)
    by, words = request.user.username, request.POST.get("words", "")
    revision = request.POST.get("revision", "")
    try:
        if request.POST.get("deed") == "approve":
            seen = int(revision) if revision.isdecimal() else -1
            actions.approve(draft=found, revision=seen, words=words, scope=request.scope, by=by)
            messages.success(request, _("Published. The next scan runs it as it stands now."))
            return redirect("sign", found.sign_id)
        actions.send_back(draft=found, words=words, scope=request.scope, by=by)
        messages.success(request, _("Sent back to its author."))
    except (ValidationError, DauhieuError) as error:
        _tell(request, error)
    return redirect("draft", number, "publish")
