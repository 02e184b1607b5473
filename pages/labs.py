"""All labs of the playground, by topic and by name; importing this draws nothing."""

from pages import activations, batchnorm, initialization, optimizers, preprocessing, regularization

TOPICS = [
    optimizers.TOPIC,
    activations.TOPIC,
    preprocessing.TOPIC,
    initialization.TOPIC,
    batchnorm.TOPIC,
    regularization.TOPIC,
]
LABS = {lab.id: lab for topic in TOPICS for lab in topic.labs}
