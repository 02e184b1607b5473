"""A spec says all that a computation hangs on: one optimizer on one surface, or one network and its training."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine import datasets, objectives, optimizers, preprocessing, schedules
from engine.activations import ACTIVATIONS
from engine.bugs import BUGS
from engine.fields import Hyper, Spec, kind, moments, number, number_of, sliders, widths
from engine.initializers import INITIALIZERS
from engine.objectives import FORMULA, OBJECTIVES, Objective, parse
from engine.optimizers import OPTIMIZERS
from engine.preprocessing import PIXELS, PREPROCESSORS
from engine.registry import Entry, Range
from engine.schedules import SCHEDULES

SMALL = 30  # examples: a batch of fewer takes as long, for the weights have to be read, and changed
KEPT = 4  # numbers that a unit keeps of each example of a batch, from forward to backward

SURFACES: Mapping[str, Entry] = {**OBJECTIVES, "formula": FORMULA}


@dataclass(frozen=True)
class Descent(Spec):
    """One optimizer on one surface. `hyper` holds the sliders of its rule other than lr."""

    surface: str = kind("anisotropic", SURFACES)
    surface_hyper: Hyper = sliders("surface", SURFACES, objectives.RANGES)
    formula: str = ""
    x0: float = number(-7.0, -1000, 1000)
    y0: float = number(2.0, -1000, 1000)
    optimizer: str = kind("sgd", OPTIMIZERS)
    lr: float = number(0.1, 1e-4, 100, log=True)
    hyper: Hyper = sliders("optimizer", OPTIMIZERS, optimizers.RANGES)
    schedule: str = kind("constant", SCHEDULES)
    schedule_hyper: Hyper = sliders("schedule", SCHEDULES, schedules.RANGES)
    steps: int = number(30, 1, 1000)
    noise: float = number(0.0, 0, 10)
    batch_size: int = number(1, 1, 256)
    seed: int = number(0, 0, 9999)

    def objective(self) -> Objective:
        """The surface with its sliders set; ValueError if the formula is not one."""
        if self.surface == "formula":
            return parse(self.formula, **dict(self.surface_hyper))
        return OBJECTIVES[self.surface].bind(**dict(self.surface_hyper))


@dataclass(frozen=True)
class Experiment(Spec):
    """One fully connected network and its training. `hyper` holds the sliders of its rule other than lr."""

    dataset: str = kind("mnist", datasets.SOURCES)
    train_size: int = number(1000, 1, 60000)
    validation_size: int = number(0, 0, 59999)
    fold: int = number(0, 0, 9999)
    pixels: str = kind("unit", PIXELS)
    scaling: str = kind("none", PREPROCESSORS)
    scaling_hyper: Hyper = sliders("scaling", PREPROCESSORS, preprocessing.RANGES)
    fitted_on: str = kind("train", datasets.FITTED)
    test_brightness: float = number(1.0, 0, 2)
    seed: int = number(0, 0, 9999)
    hidden: tuple[int, ...] = widths((100,) * 5, 1, 1000, deepest=20)
    activation: str = kind("relu", (*ACTIVATIONS, "maxout"))
    pieces: int = number(2, 2, 8)
    initializer: str = kind("he", INITIALIZERS)
    bias_init: float = number(0.0, -10, 10)
    batchnorm: str = kind("none", ("none", "before", "after"))
    keep: float = number(0.9, 0, 0.9999)
    dropout_mode: str = kind("inverted", ("inverted", "book"))
    optimizer: str = kind("sgd", OPTIMIZERS)
    hyper: Hyper = sliders("optimizer", OPTIMIZERS, optimizers.RANGES)
    schedule: str = kind("constant", SCHEDULES)
    schedule_hyper: Hyper = sliders("schedule", SCHEDULES, schedules.RANGES)
    steps: int = number(200, 1, 20000)
    batch_size: int = number(100, 1, 60000)
    replacement: bool = True
    evaluate: str = kind("both", ("both", "train", "test", "none"))
    eval_every: int = number(10, 1, 20000)
    probe_steps: tuple[int, ...] = moments(1, 20000, most=40)
    weight_steps: tuple[int, ...] = moments(1, 20000, most=20)
    lr: float = number(0.01, 1e-7, 1e6, log=True)
    init_scale: float = number(1.0, 1e-4, 2, log=True)
    dropout: float = number(0.0, 0, 0.9)
    weight_decay: float = number(0.0, 0, 1e4, log=True)
    clip: float = number(0.0, 0, 1e6)
    bug: str = kind("none", BUGS)

    def __post_init__(self) -> None:
        for name, value in zip(("pixels", "scaling"), datasets.understood(self.pixels, self.scaling), strict=True):
            object.__setattr__(self, name, value)
        super().__post_init__()
        datasets.bounds(self.train_size, self.validation_size, self.fold)
        if self.scaling != "none":
            Range(2, 60000).check("train_size of a scaling with statistics", self.train_size)
        dimensions = dict(self.scaling_hyper).get("dimensions", 0)
        Range(0, datasets.SOURCES[self.dataset].features).check("dimensions", number_of("dimensions", dimensions, whole=True))

    def data(self) -> datasets.Dataset:
        """Inputs and labels, for training and for testing."""
        asked = ("train_size", "validation_size", "fold", "seed", "pixels", "scaling", "scaling_hyper")
        asked += ("fitted_on", "test_brightness")
        return datasets.load(self.dataset, **{name: getattr(self, name) for name in asked})

    @property
    def features(self) -> int:
        """Of an input, as the network gets it."""
        shorter = PREPROCESSORS[self.scaling].shortens and int(dict(self.scaling_hyper).get("dimensions", 0))
        return shorter or datasets.SOURCES[self.dataset].features


def parameters(spec: Experiment) -> int:
    """Weights and biases of its dense layers."""
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in sizes(spec))


def sizes(spec: Experiment) -> list[tuple[int, int]]:
    """(fan_in, fan_out) of every dense layer."""
    data, pieces = datasets.SOURCES[spec.dataset], spec.pieces if spec.activation == "maxout" else 1
    fan_out = (*(width * pieces for width in spec.hidden), data.classes)
    return list(zip((spec.features, *spec.hidden), fan_out, strict=True))


def work(spec: Experiment) -> float:
    """About how many multiply-adds it takes: per weight 3 an example of a batch (once forward, twice backward) and 1 an
    example of an evaluation; to look for principal axes, what takes as long. A batch counts as SMALL examples at least."""
    tests = datasets.SOURCES[spec.dataset].tests
    weights = sum(fan_in * fan_out for fan_in, fan_out in sizes(spec))
    evaluated = spec.train_size * (spec.evaluate in ("train", "both")) + tests * (spec.evaluate in ("test", "both"))
    evaluated += spec.validation_size
    evaluations = 1 + (spec.steps - 1) // spec.eval_every
    trained = spec.steps * max(SMALL, min(spec.batch_size, spec.train_size))
    features = datasets.SOURCES[spec.dataset].features
    axes = features**2 * (spec.train_size + 20 * features) * ("dimensions" in PREPROCESSORS[spec.scaling].sliders)
    return float(weights * (3 * trained + evaluations * evaluated) + axes)


def memory(spec: Experiment) -> float:
    """About how many bytes it trains in: weights, gradient and the rule's state, and what its layers keep of a batch."""
    vectors, units = 2 + len(OPTIMIZERS[spec.optimizer].state), sum(fan_out for _, fan_out in sizes(spec))
    return 4.0 * (vectors * parameters(spec) + KEPT * units * min(spec.batch_size, spec.train_size))
