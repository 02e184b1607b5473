"""Activation functions: what bending a sum does to the neuron that learns it."""

from pages.kit import page
from pages.sections.activations import dead, zigzag

page.show("activations", {"zigzag": zigzag, "dead": dead})
