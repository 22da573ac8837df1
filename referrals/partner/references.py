"""What is read out on the phone: letters and digits that nobody mishears, and a word that shows who has it."""

import secrets

from django.db import IntegrityError, transaction

from referrals.models import PartnerReference, Referral

LETTERS = "ACDEFHJKLMNPRTWXY34679"
"""None that sounds or looks like another: no B (D, P, 8), I, O, Q, S (5), U, V (W), Z (2), G (6)."""
LENGTH = 6
WORDS = (
    "amber apple bridge butter candle carpet castle cherry cloud copper corner cotton dinner doctor dragon engine "
    "falcon feather fiddle finger flower forest garden ginger guitar hammer harbour honey island jacket kettle "
    "ladder lantern lemon magnet marble meadow mirror monkey morning needle orange orchard paper parrot pencil "
    "pepper picture pillow planet pocket potato rabbit ribbon river rocket saddle salmon silver spider summer "
    "table thunder ticket tiger tomato tulip tunnel turnip velvet village violin walnut window winter yellow"
).split()
"""Everyday words of two syllables or three, that no referral is about."""


def reference_of(referral: Referral) -> PartnerReference:
    """The one reference of this referral, made when it is first wanted."""
    while True:
        try:
            with transaction.atomic():
                return PartnerReference.objects.get_or_create(
                    referral=referral, defaults={"code": _new(), "word": secrets.choice(WORDS)}
                )[0]
        except IntegrityError:  # another one has this code: throw the dice again
            continue


def _new() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def in_words(code: str) -> str:
    """As it is printed and read out: two groups of three."""
    return f"{code[:3]} {code[3:]}"


def tidy(typed: str) -> str:
    """As it is kept, whatever stands between the letters."""
    return "".join(character for character in typed.upper() if character.isalnum())


def find(code: str, word: str) -> PartnerReference | None:
    """None unless the word is the one that belongs to it."""
    found = PartnerReference.objects.filter(code=tidy(code), word=word.strip().lower())
    return found.select_related("referral").first()
