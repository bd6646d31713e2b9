"""The proof as a page of Markdown, weak signs named."""

from __future__ import annotations

from decimal import Decimal

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.proof.planted import FIRST_PERCENT, PROVABLE, Proof, SignProof
from dauhieu.scoring.interval import Share

WEAK = 0.5


def _percent(part: Share) -> str:
    if part.value is None or part.low is None or part.high is None:
        return "–"
    return f"{part.value:.0%} ({part.low:.0%}–{part.high:.0%})"


def _rate(part: Share) -> str:
    return "–" if part.value is None else f"{10_000 * part.value:.1f}"


def page(proof: Proof, catalogue: Catalogue, scale: Decimal | None = None) -> str:
    """Tables by sign, by violation and by ranking; shares with 95 % intervals. `scale` is that of the country."""
    lines = [
        "# Proof on planted truth",
        "",
        f"Findings as of {proof.as_of} against the truth of a synthetic country"
        + (f" at scale {scale} (97 million persons are 1)." if scale else "."),
        "",
        "Recall: planted subjects of the violation which the sign finds. Precision: its findings which name a planted "
        "subject of its violation. Flagged: subjects named, per 10,000 of their kind. Look-alikes: findings on "
        "subjects which resemble the violation and are innocent. 95 % intervals in brackets.",
        "",
        "## By sign",
        "",
        "| sign | title | planted | recall | findings | precision | flagged per 10,000 | look-alikes |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in proof.signs:
        title = catalogue.signs[one.sign_id].title.en
        lines.append(
            f"| {one.sign_id} | {title} | {one.recall.of} | {_percent(one.recall)} | {one.findings} | "
            f"{_percent(one.precision)} | {_rate(one.flag_rate)} | {one.innocent} |"
        )
    lines += ["", "## Weak", ""]
    weak = [one for one in proof.signs if one.provable and _weak(one)]
    lines += [f"- {one.sign_id}: recall {_percent(one.recall)}, precision {_percent(one.precision)}." for one in weak]
    lines += ["", "## Not provable on so few planted subjects", ""]
    few = [one for one in proof.signs if not one.provable]
    lines += [f"- {one.sign_id}: {one.recall.of} planted{_needed(one, scale)}." for one in few] or ["None."]
    lines += ["", "## By violation", "", "| violation | planted | recall |", "|---|---|---|"]
    lines += [f"| {one.violation_id} | {one.planted} | {_percent(one.recall)} |" for one in proof.violations]
    lines += ["", "## Rankings: part of the planted money among the first units", ""]
    lines += [
        "| kind | by | units | " + " | ".join(f"first {p} %" for p in FIRST_PERCENT) + " |",
        "|---|---|---|---|---|",
    ]
    for rank in proof.ranks:
        parts = " | ".join(f"{rank.first[p]:.1f} %" for p in FIRST_PERCENT)
        lines.append(f"| {rank.kind} | {rank.by} | {rank.units} | {parts} |")
    for kind in dict.fromkeys(rank.kind for rank in proof.ranks):
        lines.append(f"| {kind} | random | | " + " | ".join(f"{p:.1f} %" for p in FIRST_PERCENT) + " |")
    return "\n".join(lines) + "\n"


def _needed(one: SignProof, scale: Decimal | None) -> str:
    """The scale at which enough would be planted, as far as one can tell."""
    if scale is None or not one.recall.of:
        return ""
    return f", provable from a scale of about {scale * PROVABLE / one.recall.of:.3f}"


def _weak(one: SignProof) -> bool:
    return (one.recall.value or 0) < WEAK or (one.precision.value is not None and one.precision.value < WEAK)
