"""A Dask cluster of real processes on this machine; for tests and benchmarks."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager

from pages.kit import worker
from tests.pages.conftest import ROOT

NICE = ("nice", "-n", str(worker.NICE))


class Machines:
    """A scheduler and its workers, each a process."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.workers = []
        self.begin()

    def begin(self):
        """The scheduler is elsewhere: it does not find the playground."""
        self.scheduler = self._start("scheduler", "--host", self.address, cwd="/")

    def add(self):
        """A worker that stands back as far as those of this machine do."""
        self.workers.append(self._start("worker", self.address, "--nthreads", "1", "--no-nanny", cwd=ROOT, before=NICE))

    def _start(self, what, *options, cwd, before=()):
        command = [*before, sys.executable, "-m", "dask", what, *options, "--no-dashboard"]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end(self):
        for process in (self.scheduler, *self.workers):
            kill(process)


def kill(process):
    process.kill()
    process.wait()


@contextmanager
def machines(workers):
    found = Machines()
    try:
        for _ in range(workers):
            found.add()
        yield found
    finally:
        found.end()
