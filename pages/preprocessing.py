"""Preprocessing: what is done to data before a network sees them, and what that does to learning."""

from pages.kit.lab import Topic
from pages.sections.preprocessing import clouds

LABS = [lab.LAB for lab in (clouds,)]
TOPIC = Topic("preprocessing", "Preprocessing", ":material/tune:", LABS)

if __name__ == "__main__":
    TOPIC.show()
