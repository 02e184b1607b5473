"""The engine: every formula of the playground in plain NumPy, with no page, plot, clock or global state.

Two BLAS threads are several times slower than one on the small products of this project, so one is the default.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
