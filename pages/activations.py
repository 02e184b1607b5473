"""Activation functions: what bending a sum does to signals, to gradients, and to the neuron that learns."""

from pages.kit.lab import Topic
from pages.sections.activations import dead, depth, dying, gallery, race, zigzag

LABS = [gallery.LAB, zigzag.LAB, dead.LAB, dying.LAB, race.LAB, depth.LAB]
TOPIC = Topic("activations", "Activations", ":material/show_chart:", LABS)

if __name__ == "__main__":
    TOPIC.show()
