"""Weight initialization: what signals and gradients become on their way through a deep network, at first and in training."""

from pages.kit.lab import Topic
from pages.sections.initialization import pairs, race, symmetry, training, wall, why

LABS = [wall.LAB, pairs.LAB, why.LAB, training.LAB, race.LAB, symmetry.LAB]
TOPIC = Topic("initialization", "Weight initialization", ":material/tune:", LABS)

if __name__ == "__main__":
    TOPIC.show()
