"""Babysitting: what to look at while a network trains, and what it says."""

from pages.kit.lab import Topic
from pages.sections.babysitting import mystery, vitals

LABS = [vitals.LAB, mystery.LAB]
TOPIC = Topic("babysitting", "Babysitting", ":material/monitor_heart:", LABS)

if __name__ == "__main__":
    TOPIC.show()
