"""One delivered value as SQL: text or typed -> the contract's type, and what to say where it does not fit.

Every function returns SQL text over `r`, the quoted name of the cleaned delivered column. The first branch of each
CASE is the ordinary form and costs no regular expression: ten million rows go through here.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from dauhieu.warehouse.contract import Column

# What programs write where they mean nothing.
NULL_WORDS = ("NaN", "nan", "NULL", "#N/A", "NaT", "None", "<NA>")
DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S")
TIME_TAILS = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", "T%H:%M")
MONTH_FORMS = ("%m/%Y", "%Y-%m", "%Y%m", "%Y/%m", "%m-%Y")
TRUE_WORDS = ("1", "true", "t", "yes", "y", "x", "có", "co", "đúng", "dung")
FALSE_WORDS = ("0", "false", "f", "no", "n", "không", "khong", "sai")


@dataclass(frozen=True, slots=True)
class Typed:
    """`sql` is the typed value or NULL; `wrong` the code of a value which cannot be one; `noted` are
    (code, condition) of values stored although strange; `sure` tells that only NULL becomes NULL."""

    sql: str
    wrong: str
    noted: tuple[tuple[str, str], ...] = ()
    sure: bool = False


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def listed(values: tuple[str, ...]) -> str:
    return ", ".join(text(value) for value in values)


def cleaned(name: str, type_: pa.DataType) -> str:
    """The delivered column as the checks read it: text trimmed, empty as NULL, typed NaN kept for `typed` to see."""
    if is_text(type_):
        value = f"CAST({name} AS VARCHAR)"
        # Trimming by a list of signs is three times as dear as plain trimming, and tabs and line ends are rare.
        rare = " OR ".join(f"contains({value}, chr({code}))" for code in (9, 10, 13))
        return f"nullif(CASE WHEN {rare} THEN trim({value}, ' \t\r\n\u00a0') ELSE trim({value}) END, '')"
    return name


def is_text(type_: pa.DataType) -> bool:
    if pa.types.is_dictionary(type_):
        return is_text(type_.value_type)
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


def readable(type_: pa.DataType) -> bool:
    """Whether a column of this type can be read at all (no lists, structures, bytes)."""
    checks = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean, pa.types.is_null)
    times = (pa.types.is_date, pa.types.is_timestamp, pa.types.is_time)
    return is_text(type_) or any(check(type_) for check in (*checks, *times))


def typed(
    column: Column, type_: pa.DataType, r: str, nothing: str, decimal: str | None = None, *, plain: bool = False
) -> Typed:
    """How a delivered column of this Arrow type becomes the contract's type; `nothing` names its `null_word`.

    `plain` text needs no cleaning (`deliveries/plain.py`).
    """
    if pa.types.is_null(type_):
        sql_type = "VARCHAR" if column.type == "id" else column.sql_type
        return Typed(f"CAST(NULL AS {sql_type})", "not_text", sure=True)
    if is_text(type_) and plain and column.type in ("id", "text"):
        made = Typed(r, "not_text", sure=True)
    else:
        made = _from_text(column, r, nothing, decimal) if is_text(type_) else _from_type(column, type_, r)
    if column.values:
        value = r if is_text(type_) else made.sql
        allowed = f"CASE WHEN {value} IN ({listed(column.values)}) THEN {value} END"
        return Typed(allowed, "not_allowed")
    return made


def null_word(type_: pa.DataType, r: str) -> str:
    """The condition that a value says 'nothing' in a program's word."""
    if is_text(type_):
        # Longer values are sorted out by a cheaper test.
        return f"strlen({r}) <= {max(map(len, NULL_WORDS))} AND {r} IN ({listed(NULL_WORDS)})"
    return f"isnan({r})" if pa.types.is_floating(type_) else "false"


def _from_text(column: Column, r: str, nothing: str, decimal: str | None) -> Typed:
    match column.type:
        case "id" | "text":
            normal = f"WHEN strlen({r}) = length({r}) THEN {r} ELSE nfc_normalize({r})"
            return Typed(f"CASE WHEN {nothing} THEN NULL {normal} END", "not_text")
        case "int" | "bigint" | "money":
            return _whole(r, column.sql_type, decimal)
        case "amount":
            return _amount(r, decimal)
        case "degree":
            return Typed(f"TRY_CAST(replace({r}, ',', '.') AS DOUBLE)", "not_number")
        case "date":
            return Typed(f"CAST({_moment(r)} AS DATE)", "not_date")
        case "month":
            return _month(r)
        case "timestamp":
            return Typed(_moment(r), "not_timestamp")
        case "instant":
            zoned = f"CAST(TRY_CAST({r} AS TIMESTAMPTZ) AS TIMESTAMP)"
            return Typed(
                f"CASE WHEN regexp_matches({r}, '\\d(Z|[+-]\\d\\d(:?\\d\\d)?)$') AND length({r}) > 16 "
                f"THEN {zoned} ELSE {_moment(r)} END",
                "not_timestamp",
            )
        case "bool":
            return Typed(
                f"CASE WHEN lower({r}) IN ({listed(TRUE_WORDS)}) THEN true "
                f"WHEN lower({r}) IN ({listed(FALSE_WORDS)}) THEN false END",
                "not_bool",
            )
        case "time":
            return Typed(
                f"CASE WHEN regexp_full_match({r}, '\\d{{4}}') "
                f"THEN TRY_CAST({r}[1:2] || ':' || {r}[3:4] || ':00' AS TIME) "
                f"WHEN regexp_full_match({r}, '\\d{{1,2}}:\\d\\d') THEN TRY_CAST(lpad({r}, 5, '0') || ':00' AS TIME) "
                f"ELSE TRY_CAST({r} AS TIME) END",
                "not_time",
            )
    raise AssertionError(column.type)


def _plain_number(r: str, decimal: str | None) -> str:
    """Text of a number -> text with a decimal point and no groups; NULL where the form is unknown or has two readings.

    '1.234.567' has groups and '1234,5' a fraction, whatever the country; '1.234' alone could be either, so it is
    read only where the delivery says which sign is its decimal one.
    """
    bare = f"replace(replace({r}, ' ', ''), '\u00a0', '')"
    grouped = {
        "point": (r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", f"replace({bare}, ',', '')"),
        "comma": (r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?", f"replace(replace({bare}, '.', ''), ',', '.')"),
    }
    plain = {
        "point": (r"[+-]?\d+(\.\d*)?", bare),
        "comma": (r"[+-]?\d+(,\d*)?", f"replace({bare}, ',', '.')"),
    }
    if decimal:
        forms = [grouped[decimal], plain[decimal]]
    else:
        twice = {
            "point": (r"[+-]?\d{1,3}(,\d{3}){2,}(\.\d*)?|[+-]?\d{1,3}(,\d{3})+\.\d*", grouped["point"][1]),
            "comma": (r"[+-]?\d{1,3}(\.\d{3}){2,}(,\d*)?|[+-]?\d{1,3}(\.\d{3})+,\d*", grouped["comma"][1]),
        }
        ambiguous = (r"[+-]?[1-9]\d{0,2}[.,]\d{3}", "NULL")
        forms = [ambiguous, twice["point"], twice["comma"], plain["point"], plain["comma"]]
    cases = " ".join(f"WHEN regexp_full_match({bare}, {text(form)}) THEN {sql}" for form, sql in forms)
    return f"CASE {cases} END"


def _whole(r: str, sql_type: str, decimal: str | None) -> Typed:
    number = f"TRY_CAST({_plain_number(r, decimal)} AS DECIMAL(38,6))"
    whole = f"CASE WHEN {number} = trunc({number}) THEN TRY_CAST({number} AS {sql_type}) END"
    plain = f"TRY_CAST({r} AS {sql_type})"
    return Typed(f"CASE WHEN CAST({plain} AS VARCHAR) = {r} THEN {plain} ELSE {whole} END", "not_whole")


def _amount(r: str, decimal: str | None) -> Typed:
    # The claims format writes 589.999: in its columns one point is the decimal sign, never a group.
    sure = f"regexp_full_match({r}, '[+-]?\\d+(\\.\\d*)?')" if decimal != "comma" else f"regexp_full_match({r}, '\\d+')"
    number = f"CASE WHEN {sure} THEN {r} ELSE {_plain_number(r, decimal)} END"
    exact = f"TRY_CAST({number} AS DECIMAL(38,6))"
    return Typed(f"TRY_CAST({exact} AS DECIMAL(18,3))", "not_number", (("rounded", f"{exact} <> round({exact}, 3)"),))


def _moment(r: str) -> str:
    forms = tuple(form + tail for form in DATE_FORMS[:4] for tail in TIME_TAILS) + DATE_FORMS[4:]
    parsed = f"try_strptime({r}, [{listed(forms)}])"
    iso = f"{r}[5:5] = '-'"
    serial = f"regexp_full_match({r}, '[2-6]\\d{{4}}(\\.\\d+)?')"
    moment = (
        f"CASE WHEN {iso} THEN TRY_CAST({r} AS TIMESTAMP) "
        # Excel counts days from 1899-12-30; the fraction is the time of day.
        f"WHEN {serial} THEN TIMESTAMP '1899-12-30' + to_seconds(CAST(round(CAST({r} AS DOUBLE) * 86400) AS BIGINT)) "
        f"ELSE {parsed} END"
    )
    # '05/02/24' would be the year 24.
    return f"CASE WHEN year({moment}) BETWEEN 1800 AND 9999 THEN {moment} END"


def _month(r: str) -> Typed:
    iso = f"TRY_CAST({r} AS DATE)"
    short = f"CAST(try_strptime({r}, [{listed(MONTH_FORMS)}]) AS DATE)"
    day = (
        f"CASE WHEN length({r}) = 10 AND {r}[5:5] = '-' THEN {iso} WHEN length({r}) <= 7 AND NOT "
        f"regexp_full_match({r}, '\\d{{5}}') THEN {short} ELSE CAST({_moment(r)} AS DATE) END"
    )
    return Typed(f"CAST(date_trunc('month', {day}) AS DATE)", "not_month", (("month_day", f"day({day}) <> 1"),))


def _from_type(column: Column, type_: pa.DataType, r: str) -> Typed:
    sql_type = column.sql_type
    whole = f"CASE WHEN {r} = trunc({r}) THEN TRY_CAST({r} AS {{type}}) END"
    fraction = pa.types.is_floating(type_) or pa.types.is_decimal(type_)
    number = fraction or pa.types.is_integer(type_)
    dated = pa.types.is_date(type_) or pa.types.is_timestamp(type_)
    zoned = pa.types.is_timestamp(type_) and type_.tz is not None
    never = Typed(f"CAST(NULL AS {'VARCHAR' if column.type == 'id' else sql_type})", "wrong_type")
    match column.type:
        case "id" | "text":
            as_text = whole.format(type="HUGEINT") if fraction else r
            if dated and column.type == "id":
                return never
            return Typed(f"CAST({as_text} AS VARCHAR)", "not_text", sure=not fraction)
        case "int" | "bigint" | "money" if pa.types.is_signed_integer(type_) and (
            type_.bit_width <= 32 or sql_type == "BIGINT"
        ):
            return Typed(f"CAST({r} AS {sql_type})", "not_whole", sure=True)
        case "int" | "bigint" | "money" if number:
            return Typed(whole.format(type=sql_type) if fraction else f"TRY_CAST({r} AS {sql_type})", "not_whole")
        case "amount" if pa.types.is_decimal(type_) and type_.scale <= 3 and type_.precision - type_.scale <= 15:
            return Typed(f"CAST({r} AS {sql_type})", "not_number", sure=True)
        case "amount" if number:
            noted = (("rounded", f"{r} <> round({r}, 3)"),) if pa.types.is_decimal(type_) and type_.scale > 3 else ()
            return Typed(f"TRY_CAST({r} AS {sql_type})", "not_number", noted)
        case "degree" if number:
            return Typed(f"CASE WHEN NOT isnan(CAST({r} AS DOUBLE)) THEN CAST({r} AS DOUBLE) END", "not_number")
        case "date" | "timestamp" if dated:
            # A zoned instant as the clock on the wall in Viet Nam, which has had one zone since 1975.
            local = f"(CAST({r} AS TIMESTAMP) + INTERVAL 7 HOUR)" if zoned else r
            return Typed(f"CAST({local} AS {sql_type})", "not_date", sure=True)
        case "instant" if dated:
            return Typed(f"CAST({r} AS TIMESTAMP)", "not_timestamp", sure=True)
        case "month" if dated:
            day = f"CAST({r} AS DATE)"
            noted = (("month_day", f"day({day}) <> 1"),)
            return Typed(f"CAST(date_trunc('month', {day}) AS DATE)", "not_month", noted, sure=True)
        case "bool" if pa.types.is_boolean(type_):
            return Typed(r, "not_bool", sure=True)
        case "bool" if number:
            return Typed(f"CASE {r} WHEN 1 THEN true WHEN 0 THEN false END", "not_bool")
        case "time" if pa.types.is_time(type_):
            return Typed(r, "not_time", sure=True)
    return never
