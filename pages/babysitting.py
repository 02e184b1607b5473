"""Babysitting: networks of one's own, watched while they train, and what a doctor says of them."""

from pages.kit.lab import Topic
from pages.sections.babysitting import own

LABS = [lab.LAB for lab in (own,)]
TOPIC = Topic("babysitting", "Babysitting", ":material/monitor_heart:", LABS)

if __name__ == "__main__":
    TOPIC.show()
