"""The engine comes before anything that imports NumPy, so that tests, as the workers do, run on one BLAS thread."""

import os

import engine  # noqa: F401

os.environ["RUNS_DIR"] = "off"  # tests neither find runs of the user's, nor leave any
