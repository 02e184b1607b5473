"""Activation functions: what bending a sum does to signals, to gradients, and to the neuron that learns."""

from pages.kit.old import page
from pages.sections.activations import dead, depth, dying, gallery, race, zigzag

page.show("activations", {"gallery": gallery, "zigzag": zigzag, "dead": dead, "dying": dying, "race": race, "depth": depth})
