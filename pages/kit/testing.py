"""Testing asks a trained network about the test images or the whole plane, once for everybody who shows the same run."""

import numpy as np

from engine.compare import History
from engine.experiments import Experiment
from engine.losses import softmax
from engine.network import Weights
from engine.trained import confusion, ensemble, restore
from pages.charts import borders
from pages.kit import compute
from pages.kit.language import N_


@compute.cached(200)
def probabilities(spec: Experiment, step: int, _weights: Weights) -> np.ndarray:  # noqa: ARG001
    """(test images, classes): what the network with the weights after `step` says."""
    return softmax(restore(spec, _weights).forward(images(spec)[0]))


def border(history: History, step: int) -> str:
    """What the network with the weights after `step` says everywhere in the plane, as a picture's data URL."""
    return _border(history.experiment, step, history.weights[step])


@compute.cached(500)
def _border(spec: Experiment, step: int, _weights: Weights) -> str:  # noqa: ARG001
    return borders.picture(spec, _weights)


@compute.heavy(N_("Asking networks with units dropped …"), max_entries=100)
def masks(spec: Experiment, step: int, count: int, _weights: Weights) -> np.ndarray:  # noqa: ARG001
    """(count,): test accuracy of the mean answer of the first 1, 2, … `count` dropout masks."""
    x, labels = images(spec)
    together = ensemble(restore(spec, _weights), x, count)
    return (together.argmax(axis=-1) == labels).mean(axis=-1)


def images(spec: Experiment) -> tuple[np.ndarray, np.ndarray]:
    """The test images as the network sees them, and their labels."""
    data = spec.data()
    return data.x_test, data.y_test


def table(spec: Experiment, answers: np.ndarray) -> np.ndarray:
    """The confusion matrix of probabilities (test images, classes)."""
    return confusion(images(spec)[1], answers.argmax(axis=-1), answers.shape[-1])


def wrong(
    spec: Experiment, answers: np.ndarray, cell: tuple[int, int] | None = None
) -> list[tuple[np.ndarray, int, int, float]]:
    """(pixels, true digit, answer, its probability) of the mistakes, the surest first; of one cell if asked."""
    x, labels = images(spec)
    said, sure = answers.argmax(axis=-1), answers.max(axis=-1)
    places = np.flatnonzero(said != labels)
    if cell:
        places = places[(labels[places] == cell[0]) & (said[places] == cell[1])]
    places = places[np.argsort(-sure[places], kind="stable")]
    return [(x[k], int(labels[k]), int(said[k]), float(sure[k])) for k in places]
