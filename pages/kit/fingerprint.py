"""A fingerprint stands for the engine: where it is the same, an experiment has the same history."""

import platform
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

import engine


@cache
def fingerprint() -> str:
    """16 hexadecimal digits of the engine's sources and of NumPy's major version."""
    found = sha256(np.__version__.partition(".")[0].encode())
    for path in sorted(Path(engine.__file__).parent.glob("*.py")):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def versions() -> dict[str, str]:
    """What machines that train together must have in common."""
    return {"Python": ".".join(platform.python_version_tuple()[:2]), "engine": fingerprint()}
