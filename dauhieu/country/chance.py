"""Chance without a random generator: a stable integer hash of a row's number and a stream's name.

The same seed, stream and number give the same draw on every machine and with every version of the engine.
Macros, with x a number and s the salt of a stream (written `#name` in the country's SQL):

    u(x, s)               a whole number from 0 to nearly 2^32, evenly; x is not negative
    u2(x, y, s)           the same for two numbers
    pick(x, s, a, b)      a whole number from a to b, both included; pick2 for two numbers
    ppm(x, s)             0 .. 999,999; ppm2 for two numbers
"""

from __future__ import annotations

import hashlib

# Three multiplications modulo different primes below 2^32, the salt folded in between; products fit 64 bits.
# Each argument stands once: a macro is expanded as text, so an argument used twice doubles with each nesting.
MACROS = (
    "CREATE MACRO u(x, s) AS xor(xor((CAST(x AS BIGINT) + 7) % 4294967291 * 1597334677 % 4294967279, s) * 1911520717 "
    "% 4294967231, s >> 1) * 2048419325 % 4294967197",
    "CREATE MACRO u2(x, y, s) AS u(u(x, s) + CAST(y AS BIGINT) * 40503, s)",
    "CREATE MACRO pick(x, s, a, b) AS CAST(a + u(x, s) % (b - a + 1) AS BIGINT)",
    "CREATE MACRO pick2(x, y, s, a, b) AS CAST(a + u2(x, y, s) % (b - a + 1) AS BIGINT)",
    "CREATE MACRO ppm(x, s) AS u(x, s) % 1000000",
    "CREATE MACRO ppm2(x, y, s) AS u2(x, y, s) % 1000000",
)


def salt(seed: int, stream: str) -> int:
    """The 32-bit salt of one named stream of draws."""
    return int.from_bytes(hashlib.blake2b(f"{seed}/{stream}".encode(), digest_size=4).digest())
