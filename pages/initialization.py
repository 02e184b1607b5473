"""Weight initialization: what signals and gradients become on their way through a deep network, at first and in training."""

from pages.kit.old import page
from pages.sections.initialization import pairs, race, symmetry, training, wall, why

sections = {"wall": wall, "pairs": pairs, "why": why, "training": training, "race": race, "symmetry": symmetry}
page.show("initialization", sections)
