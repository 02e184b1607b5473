"""Weight initialization: what signals and gradients become on their way through a deep network."""

from pages.kit import page
from pages.sections.initialization import pairs, wall

page.show("initialization", {"wall": wall, "pairs": pairs})
