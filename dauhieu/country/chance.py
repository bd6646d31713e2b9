"""Chance without a random generator: a stable integer hash of a row's number and a stream's name.

The same seed, stream and number give the same draw on every machine and with every version of the engine.
Macros, with x a number and s the salt of a stream (written `#name` in the country's SQL):

    u(x, s)               0 .. 2^32 - 1, evenly
    u2(x, y, s)           the same for two numbers
    pick(x, s, a, b)      a whole number from a to b, both included; pick2 for two numbers
    ppm(x, s)             0 .. 999,999; ppm2 for two numbers
"""

from __future__ import annotations

import hashlib

# Two rounds of shift and multiply over 32 bits, held in 64 so that a product never overflows.
MACROS = (
    "CREATE MACRO mix_a(x) AS (xor(x, x >> 16) * 2146121005) & 4294967295",
    "CREATE MACRO mix_b(x) AS (xor(x, x >> 15) * 2221713035) & 4294967295",
    "CREATE MACRO mix_c(x) AS xor(x, x >> 16)",
    "CREATE MACRO mix(x) AS mix_c(mix_b(mix_a(x)))",
    "CREATE MACRO u(x, s) AS CAST(mix(xor(CAST(CAST(x AS BIGINT) & 4294967295 AS UBIGINT), CAST(s AS UBIGINT))) AS BIGINT)",
    "CREATE MACRO u2(x, y, s) AS u(u(x, s) + CAST(y AS BIGINT) * 40503, s)",
    "CREATE MACRO pick(x, s, a, b) AS CAST(a + u(x, s) % (b - a + 1) AS BIGINT)",
    "CREATE MACRO pick2(x, y, s, a, b) AS CAST(a + u2(x, y, s) % (b - a + 1) AS BIGINT)",
    "CREATE MACRO ppm(x, s) AS u(x, s) % 1000000",
    "CREATE MACRO ppm2(x, y, s) AS u2(x, y, s) % 1000000",
)


def salt(seed: int, stream: str) -> int:
    """The 32-bit salt of one named stream of draws."""
    return int.from_bytes(hashlib.blake2b(f"{seed}/{stream}".encode(), digest_size=4).digest())
