"""The units findings name: the subject itself, and the employer or facility it rolls up to."""

from __future__ import annotations

from dauhieu.scoring.warnings import ROLLED_FROM, ROLLED_TO


def named_sql(findings: str) -> str:
    """One row for each month scanned, sign and unit: as_of, sign_id, kind, code, and whether it is the subject itself.

    Findings roll up as they do in warnings.
    """
    rolled = " ".join(
        f"UNION SELECT as_of, sign_id, '{kind}', json_extract_string(facts, '$.{fact}'), false FROM {findings} "
        f"WHERE subject_kind IN ({', '.join(repr(source) for source in ROLLED_FROM)}) "
        f"AND json_extract_string(facts, '$.{fact}') IS NOT NULL"
        for kind, fact in ROLLED_TO.items()
    )
    return (
        "SELECT as_of, sign_id, subject_kind AS kind, subject_code AS code, true AS itself "
        f"FROM {findings} WHERE subject_code IS NOT NULL {rolled}"
    )
