"""What the process of a server sets once, for many to share it."""

import ctypes
import sys
from contextlib import suppress

HOLD = 0.0005  # seconds that a thread computes before another may: what sends needs many short turns among those that compute
LARGE = 1_000_000  # bytes, from which on glibc gives back what is freed; by itself it learns to keep pieces of up to 32 MB
M_MMAP_THRESHOLD = -3  # of malloc.h


def share() -> None:
    """Let threads change places often, and freed memory go back to the system, where that is glibc's to say."""
    sys.setswitchinterval(HOLD)
    with suppress(AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)
