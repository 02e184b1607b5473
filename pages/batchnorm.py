"""Batch normalization: what it does to a batch, to learning, and at test time."""

from pages.kit.lab import Topic
from pages.sections.batchnorm import grid, inputs, layer, learn, testing

LABS = [grid.LAB, learn.LAB, layer.LAB, inputs.LAB, testing.LAB]
TOPIC = Topic("batchnorm", "Batch normalization", ":material/equalizer:", LABS)

if __name__ == "__main__":
    TOPIC.show()
