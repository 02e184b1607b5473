"""Optimizers: six update rules descend surfaces in two dimensions."""

from pages.kit import page
from pages.sections.optimizers import play, race, steps

page.show("optimizers", {"play": play, "race": race, "steps": steps})
