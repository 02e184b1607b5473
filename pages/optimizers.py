"""Optimizers: update rules descend surfaces in two dimensions, are explained, mapped, and race on MNIST."""

from pages.kit.old import page
from pages.sections.optimizers import anatomy, maps, play, race, steps, surface, wells, why

SECTIONS = {
    "play": play,
    "anatomy": anatomy,
    "why": why,
    "maps": maps,
    "surface": surface,
    "wells": wells,
    "steps": steps,
    "race": race,
}

page.show("optimizers", SECTIONS)
