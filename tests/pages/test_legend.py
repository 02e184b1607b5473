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
    "weight_decay": 0.7, "clip": 0.7, "scaling_hyper": (("dimensions", 7), ("eps", 0.7)),
    "validation_size": 7, "bug": "sign",
}  # fmt: skip


@pytest.mark.parametrize("field", [field.name for field in fields(Experiment)])
def test_every_field_has_words_or_may_be_silent(field):
    assert (field in legend.WORDS) != (field in legend.SILENT)
    if field in legend.WORDS:
        plain = mnist(scaling="whiten") if field == "scaling_hyper" else mnist()
        one, other = legend.names(
            [plain, replace(plain, **{field: OTHERS[field], **({"hyper": ()} if field == "optimizer" else {})})]
        )
        assert one != other


@pytest.mark.parametrize("preset", [name for name, specs in PRESETS.items() if isinstance(specs[0], Experiment)])
def test_networks_of_a_preset_have_names_of_their_own(preset):
    alone = {replace(spec, seed=0) for spec in PRESETS[preset]}
    assert len(set(legend.names(PRESETS[preset]))) == len(alone)
