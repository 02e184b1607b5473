"""A confidence sequence is an interval that may be looked at after every seed: all looks together err in 5 % of cases.

Whoever adds seeds until a 95 % interval leaves 0 finds something in every third nothing by thirty seeds, in all of them in the
end: an interval for one look errs at each. This one pays for all looks, and is about twice as wide for it.
"""

from math import inf, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike

from engine.verdict import Difference

SPREAD = 0.1  # c²: what is bet on is a mean of about 1/c, three, standard deviations


def anytime(d: ArrayLike, level: float = 0.05) -> Difference:
    """The mean of d (seeds,), with an error that holds after any number of seeds, chosen as you go. NaN counts as lost.

    d̄ ± s·√((n − 1) u / n), u = (K − 1)/(1 − K/L), L = (n + c²)/c², K = (L/α²)^(1/n): where the martingale
    E = L^(−½) ((1 + u)/(1 + u/L))^(n/2), u = t²/(n − 1), a mixture over N(0, 1/c²) of what δ = μ/σ may be, is below 1/α.
    By Ville's inequality it is above with a probability of α at most, ever. Lai, Ann. Statist. 4, 1976, section 4;
    Wang & Ramdas, "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown variance", 2023.
    """
    given = np.asarray(d, float)
    if given.ndim != 1:
        raise ValueError(f"seeds stand in one row, not in {given.shape}")
    fine = given[np.isfinite(given)]
    n, lost = len(fine), len(given) - len(fine)
    if not n:
        return Difference(nan, inf, 0, lost)
    rest = fine - fine[0]  # exactly 0 where all are the same
    most = (n + SPREAD) / SPREAD
    times = (most / level**2) ** (1 / n)
    if n < 2 or times >= most:
        return Difference(float(fine[0] + rest.mean()), inf, n, lost)
    u = (times - 1) / (1 - times / most)
    error = float(rest.std(ddof=1)) * sqrt((n - 1) * u / n)
    return Difference(float(fine[0] + rest.mean()), error, n, lost)
