"""What the curvature of a linear layer is said to be, against Hessians written out, and against descent itself."""

import numpy as np
import pytest

from engine.curvature import BENDS, eigenvalues, limit
from engine.datasets import load
from engine.losses import softmax, softmax_cross_entropy


def layer(n=40, features=3, seed=0) -> np.ndarray:
    """Inputs (n, features + 1) that end with a 1."""
    x = np.random.default_rng(seed).normal(1, 2, (n, features))
    return np.concatenate([x, np.ones((n, 1))], axis=1)


def hessian(x: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """E[(diag(ŷ) − ŷŷᵀ) ⊗ xxᵀ], written out."""
    bends = np.einsum("nc,cd->ncd", probabilities, np.eye(probabilities.shape[1]))
    bends -= np.einsum("nc,nd->ncd", probabilities, probabilities)
    size = probabilities.shape[1] * x.shape[1]
    return np.einsum("ncd,ni,nj->cidj", bends, x, x).reshape(size, size) / len(x)


def slopes(w: np.ndarray, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The gradient of the cross-entropy in W, class by class, as one row."""
    return (x.T @ softmax_cross_entropy(x @ w, labels)[1]).T.ravel()


def test_the_hessian_is_that_of_the_loss():
    """Central differences of the engine's own gradient."""
    x, rng = layer(), np.random.default_rng(1)
    w, labels = rng.normal(size=(4, 3)), rng.integers(3, size=40)
    steps = np.eye(12).reshape(12, 3, 4).swapaxes(1, 2) * 1e-5
    measured = [(slopes(w + step, x, labels) - slopes(w - step, x, labels)) / 2e-5 for step in steps]
    np.testing.assert_allclose(measured, hessian(x, softmax(x @ w)), atol=1e-8)


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("sure", [0, 0.3, 1, 10, 100])
def test_softmax_bends_at_most_half_as_much(classes, sure):
    x = layer()
    w = np.random.default_rng(classes).normal(size=(4, classes)) * sure
    top, steepest = np.linalg.eigvalsh(hessian(x, softmax(x @ w)))[-1], eigenvalues(x[:, :-1])[0]
    assert top <= BENDS["softmax"] * steepest * (1 + 1e-12)
    if sure == 0:
        assert top == pytest.approx(steepest / classes)  # of two classes, the bound itself


def test_eigenvalues_against_singular_values():
    x = layer(50, 6)
    np.testing.assert_allclose(eigenvalues(x[:, :-1]), np.linalg.svd(x, compute_uv=False) ** 2 / 50, rtol=1e-9)
    assert eigenvalues(x[:, :-1].astype(np.float32)).dtype == np.float64


def losses(x: np.ndarray, labels: np.ndarray, lr: float, steps: int = 50) -> np.ndarray:
    w, found = np.zeros((x.shape[1], 10)), []
    for _ in range(steps):
        loss, gradient = softmax_cross_entropy(x @ w, labels)
        w -= lr * x.T @ gradient
        found.append(loss)
    return np.array(found)


@pytest.mark.parametrize("scaling", ["none", "center", "standardize"])
def test_below_its_limit_the_cross_entropy_of_digits_falls_at_every_step(scaling):
    data = load(train_size=200, scaling=scaling)
    x = np.concatenate([data.x_train, np.ones((200, 1))], axis=1)
    top = eigenvalues(data.x_train)[0]
    assert (np.diff(losses(x, data.y_train, limit("softmax", top))) < 0).all()


@pytest.mark.parametrize(("times", "goes"), [(0.99, "down"), (1.01, "up")])
def test_the_limit_of_a_squared_error_is_exact(times, goes):
    x = layer()
    lr, w = times * limit("squared", eigenvalues(x[:, :-1])[0]), np.ones((4, 1))
    sizes = []
    for _ in range(2000):
        w = w - lr * x.T @ (x @ w) / len(x)
        sizes.append(np.abs(x @ w).max())
    assert (sizes[-1] < 1e-3) == (goes == "down")
    assert (sizes[-1] > sizes[0]) == (goes == "up")
