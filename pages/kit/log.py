"""The log is what the server tells its keeper, on stderr: tracebacks, processes lost, requests refused."""

import logging

LOG = logging.getLogger("playground")
if not LOG.handlers:
    LOG.setLevel(logging.INFO)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    LOG.addHandler(handler)
