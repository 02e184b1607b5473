"""The tour has six stops, each a place on a surface with the word for what the ground is like there."""

from dataclasses import dataclass

import numpy as np

from engine.objectives import OBJECTIVES, Point
from pages.charts.solid import View
from pages.kit.language import N_


@dataclass(frozen=True)
class Stop:
    """A point of a surface, the word for it, and from where to look at it."""

    name: str
    title: str
    surface: str
    point: Point
    turn: float
    tilt: float

    @property
    def view(self) -> View:
        return View(self.turn, self.tilt)

    @property
    def measures(self) -> tuple[float, float, np.ndarray]:
        """f, the length of ∇f and the two curvatures, rising, at the point."""
        return OBJECTIVES[self.surface].measures(*self.point)


STOPS = {
    stop.name: stop
    for stop in (
        Stop(N_("minimum"), "A minimum", "bowl", (0.0, 0.0), 35, 35),
        Stop(N_("valley"), "A valley", "anisotropic", (5.0, 1.0), 62, 38),
        Stop(N_("steep"), "Dense lines: steep", "plateau", (1.0, 0.0), 150, 58),
        Stop(N_("plateau"), "A plateau", "plateau", (-3.5, -2.5), 40, 40),
        Stop(N_("ridge"), "A ridge", "double_well", (0.07542916, 1.0), 15, 35),
        Stop(N_("saddle"), "A saddle", "saddle", (0.0, 0.0), 30, 35),
    )
}
