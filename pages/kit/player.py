"""The player is a canvas that animates paths over a surface: Python sends one blob, the browser owns the clock.

The server hears only where the visitor stopped (`on_transport`) and which start they chose (`on_start`).
"""

import json
import zlib
from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from engine.descent import Path
from engine.experiments import Descent
from engine.optimizers import OPTIMIZERS
from pages.kit.charts import Surface
from pages.kit.text import ASSETS
from pages.kit.theme import style

SOURCES = ASSETS / "player"
PEN_UP = 65535
RESTING = {"layout": "one", "arrows": "none", "scale": "log", "transport": {"step": None, "speed": "1", "loop": False}}

HTML, CSS = ((SOURCES / name).read_text("utf-8") for name in ("player.html", "player.css"))
JS = "\n".join(path.read_text("utf-8") for path in sorted(SOURCES.glob("*.js")))

_PLAYER = st.components.v2.component("player", html=HTML, css=CSS, js=JS)


def player(blob: bytes, key: str, on_transport: Callable[[], None], on_start: Callable[[], None]) -> None:
    """Mount the player; `st.session_state[key]` holds `.transport` and `.start` in the callbacks."""
    _PLAYER(key=key, data=blob, on_transport_change=on_transport, on_start_change=on_start)


def pack(header: dict, arrays: dict[str, np.ndarray]) -> bytes:
    """One blob: length of the header, the header as JSON, and the arrays, each from a multiple of four bytes on."""
    parts, offset, index = [], 0, {}
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array).tobytes()
        index[name] = [array.dtype.name, offset, array.size]
        parts.append(raw + b"\0" * (-len(raw) % 4))
        offset += len(parts[-1])
    body = b"".join(parts)
    head = json.dumps({**header, "arrays": index, "id": zlib.crc32(body)}, allow_nan=False).encode()
    head += b" " * (-len(head) % 4)
    return len(head).to_bytes(4, "little") + head + body


def describe(specs: Sequence[Descent], paths: Sequence[Path], surface: Surface, **display: object) -> bytes:
    """The blob of the paths of `specs` over their surface; `display` goes to the browser as it is."""
    corner, far = np.array(surface.view).T
    lines = [np.vstack([(line - corner) / (far - corner) * (PEN_UP - 1), [PEN_UP, PEN_UP]]) for line in surface.lines]
    header = {
        "summary": summary(specs),
        "view": surface.view,
        "start": [specs[0].x0, specs[0].y0],
        "minima": surface.minima,
        "steps": specs[0].steps,
        "labels": surface.labels,
        "runs": [
            {
                "label": OPTIMIZERS[spec.optimizer].label,
                "lr": f"{spec.lr:g}",
                "steps": len(path.points) - 1,
                "end": "undefined" if path.undefined else "diverged" if path.diverged_at is not None else "",
                **style(OPTIMIZERS, spec.optimizer)._asdict(),
            }
            for spec, path in zip(specs, paths, strict=True)
        ],
        **display,
    }
    arrays = {
        "surface": surface.values,
        "slopes": surface.slopes,
        "levels": surface.levels,
        "points": np.concatenate([path.points for path in paths]),
        "values": np.concatenate([path.values for path in paths]),
    }
    with np.errstate(over="ignore"):
        arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
    drawn = np.vstack([*lines, np.empty((0, 2))]).round()
    return pack(header, {**arrays, "lines": np.nan_to_num(drawn, nan=PEN_UP).astype(np.uint16)})


def summary(specs: Sequence[Descent]) -> str:
    """The picture in a sentence, for those who cannot see it."""
    names = ", ".join(f"{OPTIMIZERS[spec.optimizer].label} (lr {spec.lr:g})" for spec in specs)
    where = f"from ({specs[0].x0:g}, {specs[0].y0:g}) in {specs[0].steps} steps"
    return f"Contour lines of the surface {specs[0].surface}, the paths of {names} {where}, and their loss curves."
