"""Figures are the book's settings of the wall; a figure in the address is the base, the other settings differ from it."""

from engine.activations import ACTIVATIONS
from engine.registry import Range
from pages.kit.old.controls import Choice, Number, Setting, assign, labels
from pages.sections.initialization.nets import INPUTS
from pages.sections.initialization.starts import menu

MOST = 4
BOOKS = {  # figure → title, activation, starts, depth, width
    "I3": ("I3–I6 · Sigmoid, five layers of 100", "sigmoid", ("std-1", "std-0.01", "xavier", "he"), 5, 100),
    "I7": ("I7 · ReLU, five layers of 100", "relu", ("std-0.01", "std-1", "xavier", "he"), 5, 100),
    "I8": ("I8 · tanh, five layers of 100", "tanh", ("std-0.01", "std-1", "xavier", "he"), 5, 100),
    "I9": ("I9–I11 · CS231n: tanh, ten layers of 500", "tanh", ("std-0.01", "std-1", "xavier"), 10, 500),
    "I11": ("I11 · CS231n: ReLU, ten layers of 500", "relu", ("xavier", "he"), 10, 500),
    "I12": ("I12 · Deep sigmoid: fine activations, no gradient", "sigmoid", ("xavier",), 10, 500),
}
BOOK = Choice("Figure", "I3", {key: title for key, (title, *_) in BOOKS.items()}, menu=True)


def settings() -> dict[str, Setting]:
    """The settings, whose defaults are those of the figure in the address."""
    _, activation, starts, depth, width = BOOKS[BOOK.chosen("wall")]
    return {
        "wall": BOOK,
        "wall_activation": Choice("Activation", activation, labels(ACTIVATIONS), menu=True),
        "wall_starts": menu(MOST, starts),
        "wall_depth": Number("layers ≤ 12", depth, Range(2, 12)),
        "wall_width": Number("width ≤ 500", width, Range(10, 500)),
        "wall_scale": Number("weights ×", 1.0, Range(1e-3, 100, log=True)),
        "wall_seed": Number("seed", 0, Range(0, 9999)),
        "wall_input": Choice("Input", "normal", INPUTS),
        "wall_times": Number("input ×", 1.0, Range(1e-3, 1000, log=True)),
    }


def choose() -> None:
    assign({key: setting for key, setting in settings().items() if key != "wall"})
