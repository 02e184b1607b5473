"""All labs of the playground, by topic and by name; importing this draws nothing."""

from pages import batchnorm, optimizers

TOPICS = [optimizers.TOPIC, batchnorm.TOPIC]
LABS = {lab.id: lab for topic in TOPICS for lab in topic.labs}
