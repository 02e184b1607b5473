"""Data preprocessing: what centering, scaling and whitening make of the data, and of learning from it."""

from pages.kit.lab import Topic
from pages.sections.preprocessing import clouds, digits, leaks, learning, surface

LABS = [lab.LAB for lab in (clouds, digits, leaks, learning, surface)]
TOPIC = Topic("preprocessing", "Preprocessing", ":material/filter_center_focus:", LABS)

if __name__ == "__main__":
    TOPIC.show()
