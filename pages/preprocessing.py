"""Data preprocessing: what centering, scaling and whitening make of the data, and of learning from it."""

from pages.kit.lab import Topic
from pages.sections.preprocessing import leaks, learning

LABS = [learning.LAB, leaks.LAB]
TOPIC = Topic("preprocessing", "Preprocessing", ":material/filter_center_focus:", LABS)

if __name__ == "__main__":
    TOPIC.show()
