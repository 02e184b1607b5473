"""A verdict is what came out, as data: a kind and numbers; its sentence is a template of that kind in the lab's text."""

from typing import Any


class Verdict:
    """`kind` names the sentence, `right` the answer of the lab's question that was right, empty if it does not tell."""

    def __init__(self, kind: str, *, right: str = "", **numbers: Any) -> None:
        self.kind, self.right, self.numbers = kind, right, numbers

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["numbers"][name]
        except KeyError:
            raise AttributeError(name) from None


def paired(a, b):
    from types import SimpleNamespace

    import numpy as np

    d = np.asarray(a) - np.asarray(b)
    n = len(d)
    t = {2: 12.7, 3: 4.3, 4: 3.18, 5: 2.78}.get(n, 2.3)
    error = t * d.std(ddof=1) / n**0.5 if n > 1 else float("inf")
    return SimpleNamespace(mean=d.mean(), error=error, told=bool(abs(d.mean()) > error), seeds=n)
