"""A legend has words for every field in which networks may differ."""

from dataclasses import fields, replace

import pytest

from engine.experiments import PRESETS, Experiment, mnist
from pages.kit import legend

OTHERS = {
    "dataset": "circles", "pixels": "bytes", "scaling": "center", "fitted_on": "each",
    "test_brightness": 0.5, "hidden": (5,), "activation": "maxout", "initializer": "xavier",
    "batchnorm": "after", "dropout_mode": "book", "optimizer": "adam", "schedule": "cosine", "replacement": False,
    "bias_init": 1.0, "keep": 0.5, "train_size": 7, "batch_size": 7, "lr": 7.0, "init_scale": 0.7, "dropout": 0.7,
    "weight_decay": 0.7, "clip": 0.7, "steps": 7, "pieces": 7, "hyper": (("momentum", 0.7),), "bug": "sign",
    "schedule_hyper": (("decay", 0.7),), "scaling_hyper": (("dimensions", 7), ("eps", 0.7)), "validation_size": 7,
    "fold": 1,
}  # fmt: skip
SLIDING = mnist(optimizer="momentum", schedule="exponential", scaling="whiten", schedule_hyper=(("decay", 0.5),))


@pytest.mark.parametrize("field", [field.name for field in fields(Experiment)])
def test_every_field_has_words_or_may_be_silent(field):
    slid = field in {sliders for sliders, _ in legend.SLID.values()}
    assert (field in legend.WORDS) + slid + (field in legend.SILENT) == 1
    if field not in legend.SILENT:
        plain = SLIDING if slid else mnist(validation_size=100)
        one, other = legend.names(
            [plain, replace(plain, **{field: OTHERS[field], **({"hyper": ()} if field == "optimizer" else {})})]
        )
        assert one != other


def test_sliders_that_go_with_what_is_named_are_silent():
    assert legend.names([mnist(), mnist(optimizer="adam")]) == ["SGD", "Adam"]
    assert legend.names([mnist(optimizer="adam", hyper=(("beta1", beta),)) for beta in (0.5, 0.9)]) == ["β₁ 0.5", "β₁ 0.9"]


@pytest.mark.parametrize("preset", [name for name, specs in PRESETS.items() if isinstance(specs[0], Experiment)])
def test_networks_of_a_preset_have_names_of_their_own(preset):
    alone = {replace(spec, seed=0) for spec in PRESETS[preset]}
    assert len(set(legend.names(PRESETS[preset]))) == len(alone)
