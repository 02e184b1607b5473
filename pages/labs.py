"""All labs of the playground, by topic and by name; importing this draws nothing."""

from pages import (
    activations,
    babysitting,
    batchnorm,
    claims,
    initialization,
    optimizers,
    preprocessing,
    regularization,
    search,
    softmax,
)

TOPICS = [
    optimizers.TOPIC,
    softmax.TOPIC,
    activations.TOPIC,
    preprocessing.TOPIC,
    initialization.TOPIC,
    batchnorm.TOPIC,
    regularization.TOPIC,
    babysitting.TOPIC,
    search.TOPIC,
    claims.TOPIC,
]
LABS = {lab.id: lab for topic in TOPICS for lab in topic.labs}
