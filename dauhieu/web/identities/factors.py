"""Secrets of second factors are sealed at rest: a copy of the database alone gives no codes."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from dauhieu.web.identities.sealing import keyring

PLACE = "factor"
# Where a kind of factor keeps its secret.
SECRETS = {"totp": "secret", "recovery_codes": "seed"}


class FactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return keyring().seal(text, PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().open(encrypted_text, PLACE)


@transaction.atomic
def seal_factors_anew() -> int:
    """Those which an older key sealed; how many there were."""
    keys, done = keyring(), 0
    for factor in Authenticator.objects.select_for_update().filter(type__in=SECRETS):
        name = SECRETS[factor.type]
        if not keys.is_newest(factor.data[name]):
            factor.data[name] = keys.seal(keys.open(factor.data[name], PLACE), PLACE)
            factor.save(update_fields=["data"])
            done += 1
    return done
