"""An objective is a surface to descend: f(x, y) with its gradient in closed form, where to look and where to start.

Every function returns `(value, (dx, dy))` and broadcasts over floats and arrays of any shape. Distances have no unit.
"""

from dataclasses import dataclass

import numpy as np

from engine.formula import compile_formula
from engine.registry import Entry, Range, catalogue

Point = tuple[float, float]
Square10 = ((-10.0, 10.0), (-10.0, 10.0))


@dataclass(frozen=True)
class Objective(Entry):
    """A surface: `view` is ((x_min, x_max), (y_min, y_max)), `minima` the points where f is least, if any, and `local` the
    other minima in view."""

    view: tuple[Point, Point]
    start: Point
    minima: tuple[Point, ...]
    local: tuple[Point, ...] = ()

    @property
    def basins(self) -> tuple[Point, ...]:
        """Every minimum that a descent may end in, the least first."""
        return self.minima + self.local

    def hessian(self, x: float, y: float) -> np.ndarray:
        """Second derivatives (2, 2) at a point, by central differences of the exact gradient."""
        h = 1e-4
        (right, left), (up, down) = [[np.array(self(x + a * s, y + b * s)[1]) for s in (h, -h)] for a, b in ((1, 0), (0, 1))]
        rows = np.stack([right - left, up - down]) / (2 * h)
        return (rows + rows.T) / 2

    def measures(self, x: float, y: float) -> tuple[float, float, np.ndarray]:
        """f, the length of ∇f and the two curvatures, rising, at a point."""
        value, slope = self(x, y)
        return float(value), float(np.hypot(*slope)), np.linalg.eigvalsh(self.hessian(x, y))

    @property
    def eigenvalues(self) -> np.ndarray | None:
        """Those of the Hessian at the first minimum, (2,), rising; None without a minimum."""
        return np.linalg.eigvalsh(self.hessian(*self.minima[0])) if self.minima else None

    @property
    def condition(self) -> float | None:
        """Largest over smallest eigenvalue at the first minimum; None where that is not defined."""
        if self.eigenvalues is None:
            return None
        smallest, largest = self.eigenvalues
        return float(largest / smallest) if smallest > 1e-6 * largest else None

    @property
    def limit(self) -> float | None:
        """2/λmax at the first minimum, above which plain SGD with a constant lr cannot stay there; None without a minimum."""
        return None if self.eigenvalues is None else float(2 / self.eigenvalues[-1])


OBJECTIVES, objective = catalogue(Objective)

RANGES = {"condition": Range(1, 1000, log=True), "angle": Range(-90, 90), "span": Range(0.1, 1000, log=True)}


@objective("Bowl", latex="x^2 + y^2", source="DLFS 4.4", view=Square10, start=(9.0, 9.0), minima=((0.0, 0.0),))
def bowl(x, y):
    return x**2 + y**2, (2 * x, 2 * y)


@objective(
    "Stretched bowl",
    latex=r"\tfrac{1}{20} x^2 + y^2",
    source="DLFS eq. 6.2",
    view=Square10,
    start=(-7.0, 2.0),
    minima=((0.0, 0.0),),
)
def anisotropic(x, y):
    return x**2 / 20 + y**2, (x / 10, 2 * y)


@objective(
    "Ravine",
    latex=r"\tfrac{1}{\kappa} u^2 + v^2,\quad (u, v) = (x, y) \text{ turned by the angle}",
    source="a quadratic with condition number κ; κ 20 at 0° is the stretched bowl",
    view=Square10,
    start=(-7.0, 2.0),
    minima=((0.0, 0.0),),
)
def ravine(x, y, *, condition=50.0, angle=30.0):
    cos, sin = np.cos(np.radians(angle)).item(), np.sin(np.radians(angle)).item()
    u, v = x * cos + y * sin, y * cos - x * sin
    du, dv = 2 * u / condition, 2 * v
    return u**2 / condition + v**2, (du * cos - dv * sin, du * sin + dv * cos)


@objective(
    "Rosenbrock's valley",
    latex="(1 - x)^2 + 100\\,(y - x^2)^2",
    source="Rosenbrock 1960",
    view=((-2.0, 2.0), (-1.0, 3.0)),
    start=(-1.2, 1.0),
    minima=((1.0, 1.0),),
)
def rosenbrock(x, y):
    gap = y - x**2
    return (1 - x) ** 2 + 100 * gap**2, (-2 * (1 - x) - 400 * x * gap, 200 * gap)


@objective(
    "Beale",
    latex="(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
    source="Beale 1958",
    view=((-4.5, 4.5), (-4.5, 4.5)),
    start=(1.0, 1.5),
    minima=((3.0, 0.5),),
)
def beale(x, y):
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y * y**2
    dx = 2 * (a * (y - 1) + b * (y**2 - 1) + c * (y * y**2 - 1))
    dy = 2 * x * (a + 2 * b * y + 3 * c * y**2)
    return a**2 + b**2 + c**2, (dx, dy)


@objective(
    "Himmelblau",
    latex="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    source="Himmelblau 1972",
    view=((-5.0, 5.0), (-5.0, 5.0)),
    start=(-0.5, -1.0),
    minima=(
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286169),
        (3.5844283403304917, -1.8481265269644034),
    ),
)
def himmelblau(x, y):
    a, b = x**2 + y - 11, x + y**2 - 7
    return a**2 + b**2, (4 * x * a + 2 * b, 2 * a + 4 * y * b)


def _rastrigin_minima() -> tuple[Point, ...]:
    """The 121 minima in view, the nearest to 0 first: x and y are roots of 2x + 20π sin 2πx next to −5 … 5, by Newton."""
    k, roots = 2 * np.pi, np.arange(-5.0, 6.0)
    for _ in range(6):
        roots -= (2 * roots + 10 * k * np.sin(k * roots)) / (2 + 10 * k**2 * np.cos(k * roots))
    points = [(x, y) for y in roots.tolist() for x in roots.tolist()]
    return tuple(sorted(points, key=lambda point: np.hypot(*point)))


@objective(
    "Rastrigin",
    latex=r"20 + x^2 + y^2 - 10 \cos 2\pi x - 10 \cos 2\pi y",
    source="Rastrigin 1974",
    view=((-5.12, 5.12), (-5.12, 5.12)),
    start=(3.4, -2.4),
    minima=((0.0, 0.0),),
    local=_rastrigin_minima()[1:],
)
def rastrigin(x, y):
    k = 2 * np.pi
    value = 20 + x**2 + y**2 - 10 * np.cos(k * x) - 10 * np.cos(k * y)
    return value, (2 * x + 10 * k * np.sin(k * x), 2 * y + 10 * k * np.sin(k * y))


@objective(
    "Styblinski–Tang",
    latex=r"\tfrac{1}{2} \left(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y\right)",
    source="Styblinski & Tang 1990",
    view=((-5.0, 5.0), (-5.0, 5.0)),
    start=(0.5, 4.5),
    minima=((-2.903534027771177, -2.903534027771177),),
    local=(
        (2.7468027709908367, -2.903534027771177),
        (-2.903534027771177, 2.7468027709908367),
        (2.7468027709908367, 2.7468027709908367),
    ),
)
def styblinski_tang(x, y):
    value = (x**2 * x**2 - 16 * x**2 + 5 * x + y**2 * y**2 - 16 * y**2 + 5 * y) / 2
    return value, (2 * x * x**2 - 16 * x + 2.5, 2 * y * y**2 - 16 * y + 2.5)


@objective(
    "Double well",
    latex=r"x^4 - 2x^2 + \tfrac{3}{10} x + y^2",
    source="a quartic with a shallow and a deep well",
    view=((-2.0, 2.0), (-2.0, 2.0)),
    start=(1.8, 1.5),
    minima=((-1.0355787140888537, 0.0),),
    local=((0.9601495555191055, 0.0),),
)
def double_well(x, y):
    return x**2 * x**2 - 2 * x**2 + 0.3 * x + y**2, (4 * x * x**2 - 4 * x + 0.3, 2 * y)


@objective(
    "Saddle", latex="x^2 - y^2", source="Dauphin et al. 2014", view=((-2.0, 2.0), (-2.0, 2.0)), start=(1.5, 0.001), minima=()
)
def saddle(x, y):
    return x**2 - y**2, (2 * x, -2 * y)


@objective(
    "Monkey saddle",
    latex="x^3 - 3xy^2",
    source="Hilbert & Cohn-Vossen 1932",
    view=((-2.0, 2.0), (-2.0, 2.0)),
    start=(1.5, 0.01),
    minima=(),
)
def monkey_saddle(x, y):
    return x * x**2 - 3 * x * y**2, (3 * x**2 - 3 * y**2, -6 * x * y)


@objective(
    "Plateau",
    latex=r"1 - e^{-(x^2 + y^2)/2}",
    source="a Gaussian well: flat far out, as the loss of saturated neurons is",
    view=((-5.0, 5.0), (-5.0, 5.0)),
    start=(-3.0, 2.0),
    minima=((0.0, 0.0),),
)
def plateau(x, y):
    well = np.exp(-(x**2 + y**2) / 2)
    return 1 - well, (x * well, y * well)


def parse(text: str, *, span: float = 10.0) -> Objective:
    """The visitor's own formula as an objective seen on ±span; ValueError says what is wrong and where.

    >>> parse("x**2 + yy")
    Traceback (most recent call last):
    ValueError: unknown name yy at column 8
    """
    view = (-float(span), float(span))
    start = (-0.7 * span, 0.2 * span)
    return Objective(compile_formula(text), "formula", "Your formula", "", "typed", (view, view), start, ())


FORMULA = Entry(parse, "formula", "Your formula", latex="", source="typed")
