"""Curvature says how large a step may be: a linear layer's is that of its inputs, E[xxᵀ], whatever the labels say.

With z = Wᵀx the Hessian of a loss in W is E[H ⊗ xxᵀ], where H is that of the loss in z. For the squared error ½‖z − y‖² H is
I, so that the largest eigenvalue is λmax of E[xxᵀ], and full-batch descent diverges above 2/λmax. For softmax and cross-entropy
H is diag(ŷ) − ŷŷᵀ, whose eigenvalues are ½ at most: below 4/λmax the loss is sure to fall, above it may, since H is far smaller
where ŷ is sure or spread over many classes. Böhning 1992, "Multinomial logistic regression algorithm"; LeCun et al. 1998,
"Efficient BackProp", 5.1; Nesterov 2004, section 1.2.3.
"""

import numpy as np

BENDS = {"squared": 1.0, "softmax": 0.5}  # the most that the loss bends in the outputs of the layer, along any direction


def eigenvalues(x: np.ndarray) -> np.ndarray:
    """(features + 1,): those of E[xxᵀ], the largest first, of inputs (n, features) that end with the 1 of the layer's bias."""
    ones = np.ones((len(x), 1))
    x = np.concatenate([x, ones], axis=-1, dtype=float)
    return np.linalg.eigvalsh(x.T @ x / len(x))[::-1].clip(min=0)


def limit(loss: str, steepest: float) -> float:
    """The lr below which full-batch descent on a linear layer is sure to go down: 2 over the most that the loss bends in W."""
    return 2 / (BENDS[loss] * steepest)
