"""Every step of a draft, in one transaction with its entry of the trail. Files are written last, and whole."""

from __future__ import annotations

import calendar
import json
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dauhieu.catalogue import blocks as forms
from dauhieu.catalogue.catalogue import catalogue_in_force, examples_path
from dauhieu.catalogue.draft import FACT, FIRST_OF_SITE, LEAST_ROWS, draft_texts
from dauhieu.catalogue.draft import Draft as Interview
from dauhieu.catalogue.life import may_retire, relock
from dauhieu.catalogue.life import retire as retire_sign
from dauhieu.catalogue.parts import binding_digest
from dauhieu.catalogue.record import Promotion, Record, read_record, write_record
from dauhieu.catalogue.sign import Sign
from dauhieu.catalogue.site import site_of
from dauhieu.catalogue.writing import write_whole
from dauhieu.errors import DauhieuError, Fault
from dauhieu.law.read import law
from dauhieu.proof.promotion import RISES_TO, Condition, conditions, rises
from dauhieu.proof.taken import proofs_in
from dauhieu.warehouse.contract import Text, contract
from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import holders, scope_of
from dauhieu.web.accounts.scope import Reach, Scope, TerritoryKind
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.editor import texts
from dauhieu.web.editor.checking import Checked, check
from dauhieu.web.editor.models import (
    BACK_TEST,
    DRY_RUN,
    OPEN_STATES,
    PUBLISHED,
    SUBMITTED,
    WITHDRAWN,
    WRITING,
    Draft,
    DraftTrial,
)
from dauhieu.web.editor.tasks import run
from dauhieu.web.jobs import queue
from dauhieu.web.notices.actions import tell
from dauhieu.web.notices.models import SIGN_BACK, SIGN_OUT, SIGN_WAITS
from dauhieu.web.practice.store import the_store
from dauhieu.web.signs.models import SignVersion
from dauhieu.web.signs.shelf import catalogue
from dauhieu.web.ui.refusals import refusal
from dauhieu.web.ui.words import language

# Of a stranger's name in the place of the second signer, when only the author has signed so far.
SECOND = "…"


def covers(scope: Scope, branch: str) -> bool:
    """A sign runs over the whole country, so who writes or approves it has that country and its branch."""
    return any(Reach(TerritoryKind.NATION, "", of) in scope.reaches for of in ("", branch))


def _hold(scope: Scope, branch: str) -> None:
    if not covers(scope, branch):
        raise ValidationError(
            _("A sign runs over the whole country. Your role is for a part of it, or another branch.")
        )


def _in_site(sign: Sign) -> bool:
    """Whether the file is the agency's own: not shipped, and not of a pack, which is signed as it is."""
    site = catalogue().site
    return bool(sign.site and site and sign.path.is_relative_to(site / "signs"))


def _free_id(violation: str) -> str:
    """The first number which neither the catalogue nor a draft has."""
    known = catalogue()
    taken = {*known.signs, *(file.name for file in known.broken)}
    taken |= set(Draft.objects.filter(state__in=OPEN_STATES).values_list("sign_id", flat=True))
    number = FIRST_OF_SITE
    while f"{violation}-S{number}" in taken:
        number += 1
    return f"{violation}-S{number}"


def _free_stem(branch: str, stem: str) -> str:
    """A name which no file has: of two signs of one title the second gets a number."""
    known = catalogue()
    taken = {sign.path.stem for sign in known.signs.values() if sign.site and sign.branch == branch}
    taken |= set(Draft.objects.filter(state__in=OPEN_STATES, branch=branch).values_list("stem", flat=True))
    names = (stem, *(f"{stem}_{number}" for number in range(2, 1000)))
    return next(name for name in names if name not in taken)


def _open(draft: Draft, by: str, **details: object) -> Draft:
    now = timezone.now()
    draft.begun_at = draft.changed_at = now
    draft.author = by
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:
        raise ValidationError(_("Somebody is changing this sign already.")) from error
    record(act=Act.SIGN_BEGUN, by=by, subject=f"sign:{draft.sign_id}", details=details)
    return draft


@transaction.atomic
def begin_new(*, interview: Interview, scope: Scope, by: str) -> Draft:
    """A first draft which passes the checks as it is: it counts rows, put together from blocks."""
    _hold(scope, interview.branch)
    if not interview.stem:
        raise ValidationError(_("The English title names the files: it needs letters."))
    sign_id = _free_id(interview.violation)
    sign_text, examples_text = draft_texts(sign_id, interview, contract())
    first = forms.first_blocks(contract(), interview.tables[0], interview.subject, LEAST_ROWS, FACT)
    data = texts.read(sign_text)
    _write_blocks(data, first)
    draft = Draft(
        sign_id=sign_id,
        branch=interview.branch,
        stem=_free_stem(interview.branch, interview.stem),
        sign_text=texts.write(sign_text, data),
        examples_text=examples_text,
        blocks=json.dumps(first.as_json()),
        by_hand=False,
    )
    return _open(draft, by, new=True)


def _write_blocks(data: texts.Data, blocks: forms.Blocks) -> None:
    """What the form says of the sign: both SELECTs, the tables which must be there, and the kind of the item."""
    thresholds = data.get("tuning") or {}
    data["sql"] = forms.select(blocks, contract(), law(), thresholds)
    data["evidence"] = forms.evidence(blocks, contract(), law(), thresholds)
    needs = data.get("needs") or {}
    ages = needs.get("required") or {}
    data["needs"] = {**needs, "required": {table: ages.get(table, "any") for table in forms.tables_read(blocks)}}
    kind = forms.item_kind(blocks, contract())
    if kind:
        data["item_kind"] = kind
    else:
        data.pop("item_kind", None)


def _draft_of(sign: Sign, **more: Any) -> Draft:
    """A draft which begins as the files of a sign of the agency are."""
    sign_text, examples_text = _files_of(sign)
    return Draft(
        sign_id=sign.id,
        branch=sign.branch,
        stem=sign.path.stem,
        sign_text=sign_text,
        examples_text=examples_text,
        base_sign_text=sign_text,
        base_examples_text=examples_text,
        **more,
    )


@transaction.atomic
def begin_change(*, sign: Sign, scope: Scope, by: str) -> Draft:
    """Change a sign of the agency's own, or write one after a shipped one."""
    _hold(scope, sign.branch)
    if sign.retired:
        raise ValidationError(_("A retired sign is frozen. Write a new one."))
    if _in_site(sign):
        draft = _draft_of(sign, to_status=sign.status, **_kept_blocks(sign))
        return _open(draft, by, version=sign.version)
    sign_text, examples_text = _files_of(sign)
    sign_id = _free_id(sign.violation)
    data = texts.read(sign_text)
    data |= {"id": sign_id, "version": 1, "status": "draft"}
    draft = Draft(
        sign_id=sign_id,
        branch=sign.branch,
        stem=_free_stem(sign.branch, f"{sign.path.stem}_of_the_agency"),
        copied_from=sign.id,
        sign_text=texts.write(sign_text, data),
        examples_text=examples_text,
    )
    return _open(draft, by, copied_from=sign.id)


def _kept_blocks(sign: Sign) -> dict[str, Any]:
    """The form of the draft which made this very SQL, if there is one."""
    for draft in Draft.objects.filter(sign_id=sign.id, state=PUBLISHED, by_hand=False):
        if texts.read(draft.sign_text)["sql"] == sign.sql:
            return {"blocks": draft.blocks, "by_hand": False}
    return {"by_hand": True}


@transaction.atomic
def save(
    *,
    draft: Draft,
    revision: int,
    by: str,
    sign: Any = None,
    examples: Any = None,
    blocks: str | None = None,
    by_hand: bool | None = None,
) -> None:
    """Keep what was changed; the version is that of the file in force, and one more where something differs."""
    _own(draft, by)
    if sign is not None:
        draft.sign_text = texts.write(draft.sign_text, _versioned(draft, sign))
    if examples is not None:
        draft.examples_text = texts.write(draft.examples_text, examples)
    if blocks is not None:
        draft.blocks = blocks
    if by_hand is not None:
        draft.by_hand = by_hand
    draft.changed_at = timezone.now()
    fields = ("sign_text", "examples_text", "blocks", "by_hand", "changed_at")
    values: dict[str, Any] = {name: getattr(draft, name) for name in fields}
    kept = Draft.objects.filter(pk=draft.pk, state=WRITING, revision=revision).update(revision=revision + 1, **values)
    if not kept:
        raise ValidationError(
            _("The draft was changed in another window meanwhile. Nothing was saved: load the page again.")
        )
    draft.revision = revision + 1
    record(act=Act.SIGN_CHANGED, by=by, subject=f"sign:{draft.sign_id}", details={"revision": draft.revision})


def _own(draft: Draft, by: str) -> None:
    if draft.author != by:
        raise ValidationError(_("Only who began a draft writes in it."))
    if draft.state != WRITING:
        raise ValidationError(_("The draft waits for approval or is closed, and cannot be changed."))


def _versioned(draft: Draft, data: texts.Data) -> texts.Data:
    if draft.is_new:
        return data | {"version": 1}
    base = texts.read(draft.base_sign_text)
    changed = {name: item for name, item in data.items() if name not in ("version", "status")} != {
        name: item for name, item in base.items() if name not in ("version", "status")
    }
    return data | {"version": base["version"] + changed}


def blocks_written(data: texts.Data, blocks: forms.Blocks) -> texts.Data:
    """The data with what the form says; SignError tells what it lacks."""
    new = dict(data)
    _write_blocks(new, blocks)
    return new


@transaction.atomic
def withdraw(*, draft: Draft, by: str) -> None:
    if draft.author != by:
        raise ValidationError(_("Only who began a draft writes in it."))
    if not Draft.objects.filter(pk=draft.pk, state__in=OPEN_STATES).update(state=WITHDRAWN, decided_at=timezone.now()):
        raise ValidationError(_("The draft is closed already."))
    record(act=Act.SIGN_WITHDRAWN, by=by, subject=f"sign:{draft.sign_id}")


@transaction.atomic
def ask_trial(*, draft: Draft, kind: str, first: date, last: date, by: str) -> DraftTrial:
    """Enqueue a dry run or a back-test of the text as it is now."""
    _own(draft, by)
    found = check(draft)
    if found.sign is None or any(told.part == "logic" for told in found.faults):
        raise ValidationError(_("The logic cannot run yet. Mend what the checks say of it first."))
    if first > last:
        raise ValidationError(_("The first month lies after the last."))
    waiting = draft.trials.filter(
        kind=kind, text=found.text, first=first, last=last, job__state__in=("ready", "running")
    )
    if (same := waiting.first()) is not None:
        return same
    asked = DraftTrial.objects.create(
        draft=draft,
        kind=kind,
        sign_text=draft.sign_text,
        text=found.text,
        first=first,
        last=last,
        asked_by=by,
        asked_at=timezone.now(),
    )
    asked.job = queue.ask(run, by=by, trial=asked.pk)
    asked.save(update_fields=["job"])
    details = {"kind": kind, "first": first, "last": last, "text": found.text}
    record(act=Act.SIGN_TRIED, by=by, subject=f"sign:{draft.sign_id}", details=details)
    return asked


def stop_trial(*, asked: DraftTrial, by: str) -> None:
    _own(asked.draft, by)
    if asked.job_id:
        queue.cancel(asked.job_id, now=timezone.now())


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def forecast(draft: Draft, text: str) -> DraftTrial | None:
    """The newest dry run of this very text which came to its end."""
    return draft.trials.filter(kind=DRY_RUN, text=text, fault="").exclude(result="").first()


def rise_conditions(draft: Draft, checked: Checked, to: str, signers: Sequence[str]) -> tuple[Condition, ...]:
    """What the status asks for, and what was seen; none where the sign does not rise."""
    sign = checked.sign
    if sign is None or not rises(sign, to):
        return ()
    faults = [Fault(sign.path, told.line, told.message) for told in checked.faults]
    return conditions(sign, to, faults, _record(draft, sign), signers)


def _record(draft: Draft, sign: Sign) -> Record:
    """The record beside the file in force, with the back-tests of this text."""
    now = catalogue().signs.get(draft.sign_id)
    found = read_record(sign.id, now.path) if now else Record(sign.id)
    with tempfile.TemporaryDirectory() as folder:
        for one in draft.trials.filter(kind=BACK_TEST, text=binding_digest(sign), fault="").exclude(result=""):
            path = Path(folder) / f"{one.pk}.json"
            path.write_text(one.result, encoding="utf-8")
            for proved in proofs_in(path, sign):
                found = found.proved(proved)
    return found


def hindrances(draft: Draft, to: str, second: str = SECOND) -> list[str]:
    """What stands against submitting or publishing, each a sentence."""
    found = check(draft)
    if draft.retiring:
        return _retiring_hindrances(draft)
    told = []
    if found.faults:
        told.append(_("The checks say what is wrong. Mend it first."))
    elif to not in RISES_TO:
        told.append(_("Say which state the sign is to have."))
    elif found.sign:
        if forecast(draft, found.text) is None:
            told.append(_("Nobody has seen yet what this text would find. Make a dry run of it first."))
        seen = rise_conditions(draft, found, to, (draft.author, second))
        spoken = language()
        told += [f"{getattr(one.wanted, spoken)}: {getattr(one.seen, spoken)}" for one in seen if not one.met]
    if not draft.is_new and _files_now(draft) != (draft.base_sign_text, draft.base_examples_text):
        told.append(_("The files were changed beside this draft since it was begun. Begin again from them."))
    if draft.is_new and draft.sign_id in catalogue().signs:
        told.append(_("The id was taken meanwhile. Begin again."))
    return told


def _retiring_hindrances(draft: Draft) -> list[str]:
    if not (draft.reason_vi and draft.reason_en):
        return [_("Say why it is retired, in both languages.")]
    try:
        may_retire(catalogue(), draft.sign_id, draft.replaced_by.split())
    except DauhieuError as error:
        return [refusal(error.faults[0].message, "sign")]
    return []


def _files_now(draft: Draft) -> tuple[str, str]:
    now = catalogue().signs.get(draft.sign_id)
    return _files_of(now) if now else ("", "")


def _files_of(sign: Sign) -> tuple[str, str]:
    drawn = examples_path(sign.path)
    return sign.path.read_text(encoding="utf-8"), drawn.read_text(encoding="utf-8") if drawn.exists() else ""


@transaction.atomic
def submit(*, draft: Draft, to: str, message: str, by: str) -> None:
    _own(draft, by)
    if told := hindrances(draft, to):
        raise ValidationError(told)
    changed = Draft.objects.filter(pk=draft.pk, state=WRITING, revision=draft.revision).update(
        state=SUBMITTED, to_status=to, message=message[:2000], words="", submitted_at=timezone.now()
    )
    if not changed:
        raise ValidationError(
            _("The draft was changed in another window meanwhile. Nothing was saved: load the page again.")
        )
    details = {"revision": draft.revision, "to": to, "retiring": draft.retiring}
    record(act=Act.SIGN_SUBMITTED, by=by, subject=f"sign:{draft.sign_id}", details=details)
    able = (user for user in holders(Permission.APPROVE_SIGNS, everywhere=False) if user.username != by)
    fitting = [user for user in able if covers(scope_of(user, Permission.APPROVE_SIGNS), draft.branch)]
    tell(fitting, SIGN_WAITS, _address(draft), sign=draft.sign_id)


@transaction.atomic
def send_back(*, draft: Draft, words: str, scope: Scope, by: str) -> None:
    _decide(draft, scope, by)
    if not words.strip():
        raise ValidationError(_("Say what is to be changed."))
    values = {"state": WRITING, "words": words[:2000], "decided_at": timezone.now(), "approver": by}
    if not Draft.objects.filter(pk=draft.pk, state=SUBMITTED).update(**values):
        raise ValidationError(_("The draft does not wait for approval any more."))
    tell(User.objects.filter(username=draft.author), SIGN_BACK, _address(draft), sign=draft.sign_id)
    record(act=Act.SIGN_SENT_BACK, by=by, subject=f"sign:{draft.sign_id}", details={"revision": draft.revision})


def _address(draft: Draft) -> str:
    return reverse("draft", args=[draft.pk, "publish"])


def _decide(draft: Draft, scope: Scope, by: str) -> None:
    if draft.author == by:
        raise ValidationError(_("Who wrote a sign does not approve it."))
    _hold(scope, draft.branch)


@transaction.atomic
def approve(*, draft: Draft, revision: int, words: str, scope: Scope, by: str) -> None:
    """Publish: the checks are made again, then both files are written whole; what fails leaves everything as it was."""
    _decide(draft, scope, by)
    if told := hindrances(draft, draft.to_status, by):
        raise ValidationError(told)
    values = {"state": PUBLISHED, "words": words[:2000], "decided_at": timezone.now(), "approver": by}
    if not Draft.objects.filter(pk=draft.pk, state=SUBMITTED, revision=revision).update(**values):
        raise ValidationError(_("The draft does not wait for approval any more."))
    draft.refresh_from_db()
    tell(User.objects.filter(username=draft.author), SIGN_OUT, _address(draft), sign=draft.sign_id)
    if draft.retiring:
        _retire(draft, by)
    else:
        _publish(draft, by)


def _retire(draft: Draft, by: str) -> None:
    reason = Text(draft.reason_vi, draft.reason_en)
    record(act=Act.SIGN_RETIRED, by=by, subject=f"sign:{draft.sign_id}", details={"author": draft.author})
    _keep(draft, "retired", texts.read(draft.base_sign_text)["version"])
    retire_sign(catalogue(), draft.sign_id, timezone.localdate(), reason, draft.replaced_by.split())
    _relock(draft.sign_id)


def _publish(draft: Draft, by: str) -> None:
    checked = check(draft).sign
    assert checked is not None, "hindrances refuse a text which cannot be read"
    data = texts.read(draft.sign_text)
    risen = rises(checked, draft.to_status)
    proved = _record(draft, checked)
    draft.sign_text = texts.write(draft.sign_text, data | {"status": draft.to_status})
    draft.save(update_fields=["sign_text"])
    details = {
        "version": data["version"],
        "status": draft.to_status,
        "author": draft.author,
        "revision": draft.revision,
    }
    record(act=Act.SIGN_PUBLISHED, by=by, subject=f"sign:{draft.sign_id}", details=details)
    _keep(draft, draft.to_status, data["version"])
    now = catalogue().signs.get(draft.sign_id)
    site = site_of(the_store().path)
    path = now.path if now else site / "signs" / draft.branch / f"{draft.stem}.yaml"
    if risen:
        signers = (draft.author, by)
        today = timezone.localdate().isoformat()
        proved = proved.promoted(Promotion(draft.to_status, today, data["version"], binding_digest(checked), signers))
    # The sign comes last: until it is there, nobody reads the others.
    if proved.proofs or proved.promotions:
        write_record(proved, path)
    write_whole(examples_path(path), draft.examples_text)
    write_whole(path, draft.sign_text)
    _relock(draft.sign_id)


def _keep(draft: Draft, status: str, version: int) -> None:
    SignVersion.objects.create(
        sign_id=draft.sign_id,
        version=version,
        status=status,
        sign_text=draft.sign_text,
        examples_text=draft.examples_text,
        author=draft.author,
        approver=draft.approver,
        words=draft.message,
        published_at=timezone.now(),
    )


def _relock(sign_id: str) -> None:
    relock(catalogue_in_force(the_store()), sign_id)


@transaction.atomic
def begin_retiring(*, sign: Sign, reason_vi: str, reason_en: str, replaced_by: str, scope: Scope, by: str) -> Draft:
    """Propose that a sign of the agency is not run any more; it waits for somebody else at once."""
    _hold(scope, sign.branch)
    if not _in_site(sign):
        raise ValidationError(_("Shipped signs are retired by an update of the product alone."))
    draft = _draft_of(
        sign,
        retiring=True,
        reason_vi=reason_vi.strip(),
        reason_en=reason_en.strip(),
        replaced_by=" ".join(replaced_by.replace(",", " ").split()),
    )
    if told := _retiring_hindrances(draft):
        raise ValidationError(told)
    opened = _open(draft, by, retiring=True)
    submit(draft=opened, to="retired", message=reason_vi, by=by)
    return opened
