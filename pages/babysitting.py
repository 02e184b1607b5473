"""Babysitting a run: what its curves say, and what to do about it."""

from pages.kit.lab import Topic
from pages.sections.babysitting import curves, range_test, rates

LABS = [rates.LAB, range_test.LAB, curves.LAB]
TOPIC = Topic("babysitting", "Babysitting", ":material/monitor_heart:", LABS)

if __name__ == "__main__":
    TOPIC.show()
