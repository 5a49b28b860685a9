"""Answers kept for a few seconds in this process: for questions asked with every request whose answer hardly changes."""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
MOST = 4096
_forgetting: list[Callable[[], None]] = []


def forget() -> None:
    """Ask everything anew: another database stands in the place of the one that answered."""
    for one in _forgetting:
        one()


def fresh(seconds: float) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep a function's answers for `seconds`; a change made elsewhere is seen after that at the latest."""

    def keep(ask: Callable[P, T]) -> Callable[P, T]:
        kept: dict[Hashable, tuple[float, T]] = {}

        @wraps(ask)
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            now = time.monotonic()
            found = kept.get(args)
            if found is not None and now < found[0]:
                return found[1]
            if len(kept) >= MOST:
                kept.clear()
            made = ask(*args, **kwargs)
            if made is not None:
                kept[args] = (now + seconds, made)
            return made

        answer.forget = kept.clear  # type: ignore[attr-defined]
        _forgetting.append(kept.clear)
        return answer

    return keep
