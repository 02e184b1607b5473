"""Predictions are told beside what was measured: as a table of the rules, and as a sentence about the visitor's setting."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from engine import quadratic
from engine.optimizers import OPTIMIZERS
from pages.sections.optimizers.valleys import Valley

NARROW = 5  # κ of a valley that is felt as one


def table(valley: Valley, rules: Mapping[str, str]) -> pd.DataFrame:
    """A row a rule, name → label: what the closed form says of it if it has one, and its measured rate, in words."""
    return pd.DataFrame([_line(valley, name) for name in rules], index=list(rules.values())).fillna("–")


def _line(valley: Valley, name: str) -> dict[str, str]:
    spec, found = valley.spec(name), valley.measured(name)
    if name not in quadratic.RULES:
        told = {"measured rate": f"{found:.3f}", "steps a digit": steps(found)}
        return {"lr, μ": f"{spec.lr:g}", "stable below lr": "no closed form", **told}
    lr, mu, fastest = valley.best(name)
    own, its = (f", {valley.momentum:g}", f", {mu:.3g}") if name != "sgd" else ("", "")
    predicted = valley.rate(name)
    return {
        "lr, μ": f"{spec.lr:g}{own}",
        "stable below lr": f"{valley.limit(name):.3g}",
        "predicted rate": f"{predicted:.3f}",
        "measured rate": f"{found:.3f}",
        "steps a digit": steps(predicted),
        "best lr, μ": f"{lr:.3g}{its}",
        "steps a digit at best": steps(fastest),
    }


def steps(rate: float) -> str:
    """Steps to gain a digit, in words."""
    needed = quadratic.digit(rate)
    return "never" if needed == np.inf else "1 or less" if needed <= 1 else f"{needed:.3g}"


def digits(rate: float) -> str:
    """Steps to gain a digit, as a phrase."""
    needed = steps(rate)
    return "a digit in one step or less" if needed == "1 or less" else f"{needed} steps a digit"


def sentence(valley: Valley, rule: str) -> str:
    """Where the lr of plain SGD stands between its best and its limit, and what the rule with momentum makes of it."""
    kappa = valley.condition
    label, predicted, edge = OPTIMIZERS[rule].label, valley.rate(rule), valley.limit(rule)
    best, momentum, fastest = valley.best(rule)
    told = _plain(valley, kappa)
    if valley.lr >= edge:
        told += (
            f" {label} with μ {valley.momentum:g} is stable below lr {edge:.3g}: at {valley.lr:g} every step multiplies the "
            f"distance by {predicted:.3g}, in the long run."
        )
    elif valley.momentum:
        told += f" {label} with μ {valley.momentum:g} keeps {predicted:.1%}: {digits(predicted)}."
    if kappa > 1.001:
        told += f" At its best, lr {best:.3g} with μ {momentum:.3g}, {label} keeps {fastest:.1%}: {digits(fastest)}."
    return told


def _plain(valley: Valley, kappa: float) -> str:
    lr, edge, rate = valley.lr, valley.limit("sgd"), valley.rate("sgd")
    if lr >= edge:
        gain = (
            "along the steepest direction it bounces for ever"
            if lr == edge
            else (f"each step multiplies the distance by {rate:.3g}, in the long run")
        )
        return f"lr {lr:g} is not below plain SGD's limit 2/λmax = {edge:.3g}: {gain}."
    best, _, fastest = valley.best("sgd")
    off = abs(lr / best - 1)
    formula = f"the best constant lr of plain SGD, 2/(λmin + λmax) = {best:.3g}"
    kept = f"it keeps {rate:.1%} of the distance at every step, in the long run: {digits(rate)}"
    if kappa < 1.001:
        return f"On a round bowl κ is 1, and {formula}, arrives in one step. At lr {lr:g} {kept}."
    if off < 0.05:
        near = f"within {off:.2%} of" if off >= 5e-5 else "to four digits"
        why = "SGD is not badly tuned, the valley is narrow" if kappa > NARROW else "SGD is well tuned, and the valley is wide"
        return f"lr {lr:g} is {near} {formula}, and {kept}. {why} (κ = {kappa:.3g})."
    factor = f"{best / lr:.3g} times below" if lr < best else f"{off:.0%} above"
    return f"lr {lr:g} is {factor} {formula}: {kept}; at its best it would keep {fastest:.1%}, since κ = {kappa:.3g}."
