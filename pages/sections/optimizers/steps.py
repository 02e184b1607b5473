"""Step sizes: how far a rule still moves after t steps, and how a schedule lets the learning rate fade."""

LABEL = "Step sizes"


def settings():
    return {}


def show():
    pass
