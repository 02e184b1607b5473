"""Hyper-parameter search: which settings to try next, and how much to believe of what came out."""

from pages.kit.lab import Topic
from pages.sections.search import bayes, grid, honesty, mattered, random

LABS = [random.LAB, grid.LAB, bayes.LAB, mattered.LAB, honesty.LAB]
TOPIC = Topic("search", "Search", ":material/search:", LABS)

if __name__ == "__main__":
    TOPIC.show()
