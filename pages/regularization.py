"""Overfitting, and what weight decay and dropout do about it."""

from pages.kit.lab import Topic
from pages.sections.regularization import data, honest, mistakes, overfit, weights

LABS = [overfit.LAB, honest.LAB, data.LAB, weights.LAB, mistakes.LAB]
TOPIC = Topic("regularization", "Overfitting", ":material/fitness_center:", LABS)

if __name__ == "__main__":
    TOPIC.show()
