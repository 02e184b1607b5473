"""Overfitting, and what weight decay and dropout do about it."""

from pages.kit.old import page
from pages.sections.regularization import data, honest, mistakes, overfit, weights

page.show("regularization", {"overfit": overfit, "honest": honest, "data": data, "weights": weights, "mistakes": mistakes})
