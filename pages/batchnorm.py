"""Batch normalization: what it does to a batch, to learning, and at test time."""

from pages.kit import page
from pages.sections.batchnorm import grid, inputs, layer, learn, testing

page.show("batchnorm", {"grid": grid, "learn": learn, "layer": layer, "inputs": inputs, "testing": testing})
