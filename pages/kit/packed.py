"""A packed history is one as bytes: an npz archive without pickle, so that to read a stranger's file is safe.

Its values become JSON, in which an array is only a type and a shape; the numbers of all arrays of a type stand in one array of
the archive, in the order in which the JSON names them.
"""

import io
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np

from engine.compare import History
from engine.experiments import Experiment
from engine.histogram import Histogram
from engine.network import Weights
from pages.kit.fingerprint import fingerprint

PARTS = tuple(part.name for part in fields(History) if part.name != "experiment")
RECORDS = {record.__name__: record for record in (Histogram, Weights)}
KINDS = {kind.__name__: kind for kind in (list, tuple)}


def pack(history: History, seconds: float) -> bytes:
    """A history and the seconds it took, with the experiment and the fingerprint of the engine beside them."""
    parts: dict[str, list[np.ndarray]] = defaultdict(list)
    head = [fingerprint(), repr(history.experiment), seconds, *(getattr(history, name) for name in PARTS)]
    told = np.frombuffer(json.dumps(_tell(head, parts)).encode(), np.uint8)
    arrays: dict[str, Any] = {kind: np.concatenate(own) for kind, own in parts.items()}
    file = io.BytesIO()
    np.savez_compressed(file, told=told, **arrays)
    return file.getvalue()


def unpack(packed: bytes, spec: Experiment) -> tuple[History, float]:
    """The history of the experiment and its seconds. ValueError, or whatever a damaged archive raises, if it is not that."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as archive:
        told, arrays = json.loads(archive["told"].tobytes()), {kind: archive[kind] for kind in archive.files}
    taken: dict[str, int] = defaultdict(int)

    def take(kind: str, size: int) -> np.ndarray:
        start = taken[kind]
        taken[kind] += size
        return arrays[kind][start : start + size]

    engine, experiment, seconds, *parts = _read(told, take)
    found = History(spec, **dict(zip(PARTS, parts, strict=True)))
    if (engine, experiment, len(found.loss)) != (fingerprint(), repr(spec), spec.steps):
        raise ValueError("it is another experiment's, or another engine's")
    return found, seconds


def _tell(value: Any, parts: dict[str, list[np.ndarray]]) -> Any:
    """The value in JSON; its arrays go to `parts`."""
    match value:
        case np.ndarray() | np.generic():
            parts[value.dtype.name].append(np.ravel(value))
            return ["array", value.dtype.name, value.shape, isinstance(value, np.generic)]
        case dict():
            return ["dict", [[_tell(each, parts) for each in item] for item in value.items()]]
        case list() | tuple():
            return [type(value).__name__, [_tell(each, parts) for each in value]]
        case Histogram() | Weights():
            return [type(value).__name__, [_tell(each, parts) for each in vars(value).values()]]
        case None | bool() | int() | float() | str():
            return value
    raise TypeError(f"{type(value).__name__} cannot be packed")


def _read(told: Any, take: Callable[[str, int], np.ndarray]) -> Any:
    """The value that `_tell` told of."""
    match told:
        case ["array", dtype, shape, scalar]:
            found = take(dtype, int(np.prod(shape, dtype=int))).reshape(shape)
            return found[()] if scalar else found
        case ["dict", items]:
            return {_read(key, take): _read(value, take) for key, value in items}
        case [name, values] if name in KINDS:
            return KINDS[name](_read(each, take) for each in values)
        case [name, values] if name in RECORDS:
            return RECORDS[name](*(_read(each, take) for each in values))
    return told
