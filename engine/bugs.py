"""A bug is a small mistake that runs without an error: the network trains, or seems to, and something is wrong.

Each is what a correct piece of the engine becomes by one careless line, put in its place where an experiment asks for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.layers import BatchNorm, Bend, Dense, Layer
from engine.losses import softmax_cross_entropy

Loss = tuple[np.ndarray, np.ndarray]


class Bug:
    """None: what an experiment asks for is what is done."""

    label, fix = "no bug", ""

    def spec(self, spec: Any) -> Any:
        """The experiment that is really run."""
        return spec

    def data(self, data: Any) -> Any:
        """The data set that is really learned from."""
        return data

    def layers(self, layers: Sequence[Layer]) -> Sequence[Layer]:
        """The layers that really stand there."""
        return layers

    def loss(self, logits: np.ndarray, labels: np.ndarray) -> Loss:
        """Loss and gradient, as in `engine.losses`."""
        return softmax_cross_entropy(logits, labels)


class LabelsShuffled(Bug):
    """Images and labels are shuffled, but not together."""

    label, fix = "labels shuffled", "Shuffle images and labels by the same permutation."

    def data(self, data):
        return replace(data, y_train=np.random.default_rng(0).permutation(data.y_train))


class PixelsUnscaled(Bug):
    """The division by 255 is forgotten."""

    label, fix = "pixels not scaled", "Divide the pixels by 255, in training and in testing."

    def data(self, data):
        names = ("x_train", "x_test", "x_validation")
        return replace(data, **{name: getattr(data, name) * np.float32(255) for name in names})


class ZeroWeights(Bug):
    """All weights start at 0."""

    label, fix = "weights start at 0", "Draw the first weights at random."

    def spec(self, spec):
        return replace(spec, initializer="zeros")


class WrongSign(Bug):
    """The gradient of the first layer's weights has the wrong sign: it climbs."""

    label, fix = "wrong sign in a gradient", "Write dW = xᵀ dy."

    class Climbing(Dense):
        def backward(self, dy):
            dx = super().backward(dy)
            np.negative(self.dW, out=self.dW)
            return dx

    def layers(self, layers):
        return [
            self.Climbing(*layer.parameters["W"], first=True) if isinstance(layer, Dense) and layer.first else layer
            for layer in layers
        ]


class MissingFactor(Bug):
    """The gradient of a mean over the batch lacks its 1 / n."""

    label, fix = "1/n missing in a gradient", "Divide ŷ − y by the size of the batch, as the loss is."

    def loss(self, logits, labels):
        loss, gradient = super().loss(logits, labels)
        return loss, gradient * len(labels)


class SlopeLeftOut(Bug):
    """The backward pass of the activation forgets its slope."""

    label, fix = "activation's slope left out", "Multiply dy by f′(x)."

    class Flat(Bend):
        def backward(self, dy):
            super().backward(dy)
            return dy

    def layers(self, layers):
        return [self.Flat(layer.activation) if isinstance(layer, Bend) else layer for layer in layers]


class BatchStatistics(Bug):
    """Batch normalization takes mean and variance from the batch in testing too."""

    label, fix = "batch statistics at test time", "Use the running mean and variance in testing."

    class Never(BatchNorm):
        def forward(self, x, train):  # noqa: ARG002
            return super().forward(x, train=True)

    def layers(self, layers):
        return [
            self.Never(layer.parameters["gamma"][1], layer.keep, layer.eps) if isinstance(layer, BatchNorm) else layer
            for layer in layers
        ]


class SoftmaxOverflows(Bug):
    """The softmax does not subtract the largest logit."""

    label, fix = "softmax without the maximum", "Subtract the largest logit before exp."

    def loss(self, logits, labels):
        z = np.exp(logits)
        z /= z.sum(axis=-1, keepdims=True)
        rows = np.arange(len(labels))
        loss = -np.log(z[..., rows, labels]).mean(axis=-1)
        z[..., rows, labels] -= 1
        return loss, z / len(labels)


class RateOff(Bug):
    """The learning rate is a hundred times what was meant."""

    label, fix = "learning rate × 100", "Look for the window of learning rates, and stay inside."

    def spec(self, spec):
        return replace(spec, lr=min(1e6, 100 * spec.lr))


BUGS: Mapping[str, Bug] = {
    "none": Bug(),
    "labels": LabelsShuffled(),
    "pixels": PixelsUnscaled(),
    "zeros": ZeroWeights(),
    "sign": WrongSign(),
    "factor": MissingFactor(),
    "slope": SlopeLeftOut(),
    "statistics": BatchStatistics(),
    "softmax": SoftmaxOverflows(),
    "rate": RateOff(),
}
