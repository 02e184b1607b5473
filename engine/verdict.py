"""A verdict says what came out as a kind and numbers, never as a sentence; a difference says whether its seeds can tell it."""

from dataclasses import dataclass
from math import exp, inf, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

Z = 1.959964  # that the normal distribution exceeds in 2.5 % of cases


@dataclass(frozen=True, init=False, repr=False)
class Verdict:
    """What kind of outcome it is, the key of the right answer to the question asked, "" if it does not tell, and its numbers.

    >>> found = Verdict("wider", right="more", gap=0.17, epochs=200)
    >>> found.gap, found.numbers
    (0.17, {'epochs': 200, 'gap': 0.17})
    >>> found == Verdict("wider", right="more", epochs=200, gap=0.17)
    True
    """

    kind: str
    right: str
    _numbers: tuple[tuple[str, Any], ...]

    def __init__(self, kind: str, right: str = "", **numbers: Any) -> None:
        plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in numbers.items()}
        for name, value in (("kind", kind), ("right", right), ("_numbers", tuple(sorted(plain.items())))):
            object.__setattr__(self, name, value)

    @property
    def numbers(self) -> dict[str, Any]:
        """Name → number, or what else the sentence needs; in the order of the names."""
        return dict(self._numbers)

    def __getattr__(self, name: str) -> Any:
        """A number by its name; AttributeError if there is none."""
        for known, value in vars(self).get("_numbers", ()):
            if known == name:
                return value
        raise AttributeError(f"the verdict has no {name}")

    def __repr__(self) -> str:
        given = [repr(self.kind), *([f"right={self.right!r}"] if self.right else [])]
        return f"Verdict({', '.join([*given, *(f'{name}={value!r}' for name, value in self._numbers)])})"


@dataclass(frozen=True)
class Difference:
    """How much more one measure is than another, over pairs of one seed each."""

    mean: float
    error: float
    """Half the width of the 95 % interval: infinite for a single pair, 0 where all pairs differ by the same."""
    seeds: int
    """Pairs that count."""
    lost: int = 0
    """Pairs left out, because one of the two has diverged."""

    @property
    def told(self) -> bool:
        """Whether 0 is outside the interval."""
        return abs(self.mean) > self.error

    @property
    def numbers(self) -> dict[str, float]:
        """As a row of a table has them: `more`, its `error`, NaN for a single pair, and `seeds`."""
        return {"more": self.mean, "error": self.error if self.seeds > 1 else nan, "seeds": self.seeds}

    @property
    def factors(self) -> tuple[float, float, float]:
        """Of logarithms: by how much more one measure is as a factor, between the ends of its interval."""
        return exp(self.mean - self.error), exp(self.mean), exp(self.mean + self.error)

    def says(self, more: str, less: str, alike: str = "alike", one: str = "one") -> str:
        """The word for it: `one` if there are no two pairs, `alike` if it is not told, else `more` or `less`.

        >>> [paired(a, [1, 1, 1][: len(a)]).says("more", "less") for a in ([3, 3, 3], [0, 0, 0], [0, 1, 2], [3])]
        ['more', 'less', 'alike', 'one']
        """
        return one if self.seeds < 2 else alike if not self.told else more if self.mean > 0 else less


def paired(a: ArrayLike, b: ArrayLike) -> Difference:
    """a − b, both (seeds,), the same seed at the same place: d̄ ± t · s/√n with s² = Σ (d − d̄)² / (n − 1).

    What two networks have in common by their seed, images and first weights, falls out of d. Pairs in which a number is not
    finite are left out. ValueError if they are no pairs. Student, "The probable error of a mean", Biometrika 6, 1908.
    """
    first, second = np.asarray(a, float), np.asarray(b, float)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"pairs need two lists of the same length, not {first.shape} and {second.shape}")
    fine = np.isfinite(first) & np.isfinite(second)
    d = first[fine] - second[fine]
    n, lost = len(d), int((~fine).sum())
    if not n:
        return Difference(nan, inf, 0, lost)
    rest = d - d[0]  # exactly 0 where all are the same
    error = t_quantile(n - 1) * float(rest.std(ddof=1)) / sqrt(n) if n > 1 else inf
    return Difference(float(d[0] + rest.mean()), error, n, lost)


def share_error(share: float, n: int) -> float:
    """Half the width of Wilson's 95 % interval of a share that was seen in n cases: z/(1 + z²/n) · √(p(1 − p)/n + z²/4n²).

    Not 0 where all cases agree, as the normal approximation is. Wilson, J. Am. Stat. Assoc. 22, 1927.

    >>> round(share_error(0.8, 100), 3), round(share_error(1.0, 100), 3)
    (0.078, 0.018)
    """
    return Z / (1 + Z**2 / n) * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))


def t_quantile(df: int) -> float:
    """The t that Student's distribution with `df` degrees of freedom exceeds in 2.5 % of cases, to 4e-4 of it.

    From a table up to 3, then Fisher & Cornish's series in 1/df about the normal's z: Abramowitz & Stegun 1964, 26.7.5.

    >>> round(t_quantile(9), 3)
    2.262
    """
    if df <= 3:
        return (12.7062, 4.3027, 3.1824)[df - 1]
    z = Z
    return (
        z
        + (z**3 + z) / (4 * df)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * df**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * df**4)
    )
