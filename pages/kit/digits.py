"""Digits as small pictures with a caption each, in as many columns as fit."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

ZOOM = 4


def picture(values: np.ndarray) -> np.ndarray:
    """A flat image (784,) as (112, 112) bytes, dark on light, stretched to its own range."""
    low, high = float(values.min()), float(values.max())
    shade = 255 * (1 - (values - low) / ((high - low) or 1))
    return np.kron(shade.reshape(28, 28), np.ones((ZOOM, ZOOM))).astype(np.uint8)


def show(images: np.ndarray, captions: Sequence[str], right: Sequence[bool]) -> None:
    """Images (n, 784) with captions; those that are not right are marked."""
    with st.container(horizontal=True, gap="small"):
        for image, caption, good in zip(images, captions, right, strict=True):
            with st.container(width=112):
                st.image(picture(image), width=112)
                st.caption(caption if good else f":red[**✗**] {caption}")
