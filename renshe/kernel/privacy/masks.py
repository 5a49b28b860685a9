"""Masks: what of an identifier may be shown in a list."""


def citizen_id(number: str) -> str:
    """`330802199001011234` -> `330802********1234`."""
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def phone(number: str) -> str:
    """`13812345678` -> `138****5678`."""
    return f"{number[:3]}****{number[-4:]}" if number else ""


def name(full: str) -> str:
    """`李明` -> `*明`; three characters or more keep the first and the last."""
    if len(full) < 2:
        return full
    if len(full) == 2:
        return f"*{full[1]}"
    return f"{full[0]}{'*' * (len(full) - 2)}{full[-1]}"
