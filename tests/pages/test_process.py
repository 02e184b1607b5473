"""What a page has computed does not stay in the server's memory."""

import subprocess
import sys

import pytest

from tests.pages.conftest import ROOT

HOLES = """
from pathlib import Path
import numpy as np
{begin}
def megabytes(): return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
np.ones(250_000)  # is freed at once, by which glibc learns
before, large, small = megabytes(), [], []
for _ in range(200):
    large.append(np.ones(200_000))
    small.append(np.ones(2_000))
del large
print(megabytes() - before)
"""
OURS = "from pages.kit import process; process.share()"


def grown(begin: str) -> float:
    """Megabytes that a process keeps of 320, with 3 in use between them."""
    asked = [sys.executable, "-c", HOLES.format(begin=begin)]
    return float(subprocess.run(asked, cwd=ROOT, capture_output=True, check=True, text=True).stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's")
def test_what_is_freed_is_the_systems_again():
    assert grown(OURS) < 20
    assert grown("") > 200
