"""Softmax: what a network says last, how wrong that is, and what pushes it to say something better."""

from pages.kit.lab import Topic
from pages.sections.softmax import borders, logits

LABS = [logits.LAB, borders.LAB]
TOPIC = Topic("softmax", "Softmax", ":material/balance:", LABS)

if __name__ == "__main__":
    TOPIC.show()
