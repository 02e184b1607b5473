"""Write `importance.json`: importances by Optuna's PED-ANOVA of trials that `trials` below draws.

Run once with `pip install optuna==5.0.0 numpy`, then `python tests/oracle/make_importance.py`; Optuna is no dependency.
"""

import json
from pathlib import Path

import numpy as np

CASES = [(seed, n, quantile) for seed, n in ((0, 100), (1, 30), (2, 12), (3, 400)) for quantile in (0.1, 0.25)]
LOW, HIGH = {"lr": 1e-6, "decay": 1e-8, "momentum": 0.0}, {"lr": 1e-2, "decay": 1e-4, "momentum": 1.0}


def trials(seed, n):
    """Settings (n, 3) of lr, decay and momentum, and their scores: lr matters most, decay not at all."""
    u = np.random.default_rng(seed).random((n, 3))
    score = np.exp(-(((u[:, 0] - 0.8) / 0.15) ** 2)) - 0.2 * (u[:, 2] - 0.6) ** 2
    lr, decay = (LOW[k] * (HIGH[k] / LOW[k]) ** u[:, i] for i, k in enumerate(("lr", "decay")))
    return [
        {"lr": float(a), "decay": float(b), "momentum": float(c)} for a, b, c in zip(lr, decay, u[:, 2], strict=True)
    ], score


def main():
    import optuna
    from optuna.distributions import FloatDistribution
    from optuna.importance import PedAnovaImportanceEvaluator

    spans = {k: FloatDistribution(LOW[k], HIGH[k], log=k != "momentum") for k in LOW}
    found = []
    for seed, n, quantile in CASES:
        study = optuna.create_study(direction="maximize")
        for params, score in zip(*trials(seed, n), strict=True):
            study.add_trial(optuna.trial.create_trial(params=params, distributions=spans, value=float(score)))
        evaluator = PedAnovaImportanceEvaluator(target_quantile=quantile)
        found.append({"seed": seed, "n": n, "quantile": quantile, "importance": evaluator.evaluate(study)})
    Path(__file__).with_name("importance.json").write_text(json.dumps({"optuna": optuna.__version__, "cases": found}, indent=1))


if __name__ == "__main__":
    main()
