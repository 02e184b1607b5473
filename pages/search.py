"""Hyper-parameter search: which settings to try next, and how much to believe of what came out."""

from pages.kit.lab import Topic
from pages.sections.search import bayes, budget, grid, honesty, mattered, play, random

LABS = [random.LAB, grid.LAB, bayes.LAB, play.LAB, budget.LAB, mattered.LAB, honesty.LAB]
TOPIC = Topic("search", "Tuning", ":material/casino:", LABS)

if __name__ == "__main__":
    TOPIC.show()
