"""Digits as small pictures with a caption each, in as many columns as fit."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

ZOOM = 4


def card(pixels: np.ndarray, margin: int = 5) -> np.ndarray:
    """Pixels (784,) of 0–1 as dark ink on a white card with a clear margin, RGBA; no pixel is smoothed."""
    paper = np.kron(255 * (1 - pixels.reshape(28, 28)), np.ones((ZOOM, ZOOM))).astype(np.uint8)
    return np.pad(np.dstack([paper, paper, paper, np.full_like(paper, 255)]), ((margin,) * 2, (margin,) * 2, (0, 0)))


def show(images: np.ndarray, captions: Sequence[str]) -> None:
    """Images (n, 784) of 0–1 with captions."""
    with st.container(horizontal=True, gap="small"):
        for image, caption in zip(images, captions, strict=True):
            with st.container(width=112):
                st.image(card(image), width=112)
                st.caption(caption)
