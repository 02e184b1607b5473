"""The engine comes before anything that imports NumPy, so that tests, as the workers do, run on one BLAS thread."""

import engine  # noqa: F401
