"""Babysitting: what to look at before and while a network trains, and what it means."""

from pages.kit.lab import Topic
from pages.sections.babysitting import bugs, checklist, curves, mystery, own, range_test, rates, vitals

LABS = [lab.LAB for lab in (own, checklist, bugs, rates, range_test, curves, vitals, mystery)]
TOPIC = Topic("babysitting", "Babysitting", ":material/monitor_heart:", LABS)

if __name__ == "__main__":
    TOPIC.show()
