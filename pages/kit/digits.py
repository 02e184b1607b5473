"""Digits as small pictures with a caption each, in as many columns as fit."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.kit import images

ZOOM = 4


def card(pixels: np.ndarray, margin: int = 5) -> str:
    """The image of pixels (784,) of 0–1, as dark ink on a white card with a clear margin; no pixel is smoothed."""
    paper = np.kron(255 * (1 - pixels.reshape(28, 28)), np.ones((ZOOM, ZOOM))).astype(np.uint8)
    return images.drawn(np.pad(paper, margin, constant_values=255))


def show(digits: np.ndarray, captions: Sequence[str]) -> None:
    """Digits (n, 784) of 0–1 with captions."""
    with st.container(horizontal=True, gap="small"):
        for digit, caption in zip(digits, captions, strict=True):
            with st.container(width=112):
                st.image(card(digit), width=112)
                st.caption(caption)
