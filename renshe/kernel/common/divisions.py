"""Codes of divisions (GB/T 2260 and statistical codes): what lies in what. Province 2 digits, city 4, county 6, township 9, village 12."""

TAILS = ((12, 9), (9, 6), (6, 4), (4, 2))


def prefix(code: str) -> str:
    """What the codes of everything in a division begin with: `330800` -> `3308`, but `330110` -> `330110`.

    Only whole levels are noughts to be dropped: county 330110 is not all that begins with 33011, township 330802100 not
    all that begins with 3308021. Nothing but noughts, the whole country, begins with nothing.
    """
    for width, shorter in TAILS:
        if len(code) == width and not code[shorter:].strip("0"):
            code = code[:shorter]
    return code.strip("0") and code


def within(inner: str, outer: str) -> bool:
    """Whether one division lies in another, or is it. False when either is not known."""
    return bool(inner and prefix(outer)) and inner.startswith(prefix(outer))
