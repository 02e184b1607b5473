"""The best of several rates is that of the lowest loss in the mean, if none of its networks is lost."""

from dataclasses import replace

import numpy as np

from engine.compare import empty
from engine.experiments import mnist
from engine.fates import best


def history(loss, diverged=None):
    return replace(empty(mnist()), loss=np.full(5, loss), diverged=diverged)


def test_the_best_has_the_lowest_mean_and_no_network_that_is_lost():
    tried = {0.1: [history(2.0), history(2.2)], 1.0: [history(1.0), history(1.5)], 10.0: [history(0.1), history(0.1, 4)]}
    assert best(tried) == 1.0
    assert best({10.0: tried[10.0]}) is None
    assert best({}) is None
