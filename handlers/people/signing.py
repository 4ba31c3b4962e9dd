"""Short signed texts: a number and the last characters of its HMAC, in letters that nobody confuses by eye."""

import hashlib
import hmac
import re
import unicodedata

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, O, 1, I and L."""
MANY = len(LETTERS)
SIGNED = 4
"""Characters of the HMAC: one guess in 900,000 is right, and guessing is slow."""
SHORTEST = 4
"""Characters before them: enough for 900,000 codes, then they grow."""
STRIDE = 387_421
"""Prime, so that the codes of neighbours do not look alike."""
WHOLE = re.compile(
    rf"(?<![0-9A-Z])([{LETTERS}]{{{SHORTEST},{SHORTEST + 3}}})[- ]?([{LETTERS}]{{{SIGNED}}})(?![0-9A-Z])"
)


def signed(number: int, secret: str) -> str:
    """The text of this number: "3F7K-9QWX"."""
    width = SHORTEST
    while number >= MANY**width:
        width += 1
    mark = hmac.digest(secret.encode(), b"place code %d" % number, hashlib.sha256)
    tail = int.from_bytes(mark[:8], "big") % MANY**SIGNED
    return f"{_letters(number * STRIDE % MANY**width, width)}-{_letters(tail, SIGNED)}"


def number_of(text: str, secret: str) -> int | None:
    """The number that this text was made of with this secret; None when it was not."""
    body, _, _ = text.partition("-")
    value = 0
    for letter in body:
        value = value * MANY + LETTERS.index(letter)
    whole: int = MANY ** len(body)
    number = value * pow(STRIDE, whole // MANY * (MANY - 1) - 1, whole) % whole  # Euler: the stride's inverse
    return number if hmac.compare_digest(signed(number, secret), text) else None


def found_in(words: str) -> str | None:
    """The first thing in these words that has the form of a signed text, written as it is printed."""
    found = WHOLE.search(unicodedata.normalize("NFKC", words).upper())
    return f"{found[1]}-{found[2]}" if found else None


def _letters(value: int, width: int) -> str:
    said = ""
    for _ in range(width):
        value, at = divmod(value, MANY)
        said = LETTERS[at] + said
    return said
