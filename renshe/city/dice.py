"""Chance that repeats: every draw follows from the city's seed, its subject and its range, so ranges are independent."""

import zlib

import numpy as np

Array = np.ndarray


def dice(seed: int, subject: str, number: int = 0) -> np.random.Generator:
    """The generator of one subject in one range."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(subject.encode()), number])))


def allot(total: float, first: int, last: int, of: int) -> int:
    """How many of `total` fall to the places `first` to `last` (excluded) of `of`: over all ranges exactly the rounded total."""
    whole = round(total)
    return whole * last // of - whole * first // of


def split(total: int, weights: list[float]) -> list[int]:
    """A whole number shared out by weight (largest remainders)."""
    sum_of = sum(weights)
    exact = [total * weight / sum_of for weight in weights]
    shares = [int(one) for one in exact]
    by_rest = sorted(range(len(weights)), key=lambda at: (shares[at] - exact[at], at))
    for at in by_rest[: total - sum(shares)]:
        shares[at] += 1
    return shares


def draw(chance: np.random.Generator, weights: Array, count: int) -> Array:
    """`count` different places, drawn by weight; places of weight 0 never."""
    count = min(count, int(np.count_nonzero(weights > 0)))
    if count <= 0:
        return np.empty(0, np.int64)
    with np.errstate(divide="ignore"):
        keys = np.log(chance.random(weights.size)) / weights
    return np.sort(np.argpartition(-keys, count - 1)[:count])


def choose(chance: np.random.Generator, weights: Array, count: int) -> Array:
    """`count` places drawn by weight, with repetition."""
    running = np.cumsum(weights, dtype=np.float64)
    return np.searchsorted(running, chance.random(count) * running[-1], side="right").astype(np.int32)
