"""Preprocessing: what is done to data before a network sees them, and what that does to learning."""

from pages.kit.lab import Topic
from pages.sections.preprocessing import clouds, digits, surface

LABS = [lab.LAB for lab in (clouds, digits, surface)]
TOPIC = Topic("preprocessing", "Preprocessing", ":material/tune:", LABS)

if __name__ == "__main__":
    TOPIC.show()
