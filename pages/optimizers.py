"""Optimizers: update rules descend surfaces in two dimensions, are explained, mapped, and race on MNIST."""

from pages.kit.lab import Topic
from pages.sections.optimizers import anatomy, maps, surface, wells, why

LABS = [lab.LAB for lab in (anatomy, why, maps, surface, wells)]
TOPIC = Topic("optimizers", "Optimizers", ":material/landscape:", LABS)

if __name__ == "__main__":
    TOPIC.show()
