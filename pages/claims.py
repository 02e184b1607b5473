"""Claims: sentences of the lectures, and what becomes of them."""

from pages.kit.lab import Topic
from pages.sections.claims import one, table

LABS = [table.LAB, one.LAB]
TOPIC = Topic("claims", "Claims", ":material/gavel:", LABS)

if __name__ == "__main__":
    TOPIC.show()
