"""Images that travel inside the page. Those that Streamlit keeps beside it are thrown away when the visitor's page is drawn
anew, even if a slow network has yet to fetch them, and what is fetched too late stays a broken picture."""

from base64 import b64encode
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image


def drawn(pixels: np.ndarray) -> str:
    """A `data:` address of uint8 pixels (height, width), of gray, or with 3 or 4 channels."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return _address("png", file.getvalue())


@cache
def stored(path: Path) -> str:
    """A `data:` address of a file, as it is."""
    return _address(path.suffix.removeprefix("."), path.read_bytes())


def _address(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{b64encode(content).decode()}"
