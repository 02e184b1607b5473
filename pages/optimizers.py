"""Optimizers: update rules descend surfaces in two dimensions, are explained, mapped, and race on MNIST."""

from pages.kit.lab import Topic
from pages.sections.optimizers import anatomy, maps, play, race, steps, surface, wells, why

LABS = [lab.LAB for lab in (play, anatomy, why, maps, surface, wells, steps, race)]
TOPIC = Topic("optimizers", "Optimizers", ":material/landscape:", LABS)

if __name__ == "__main__":
    TOPIC.show()
