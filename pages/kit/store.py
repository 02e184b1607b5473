"""A store keeps finished trainings as files, in any place that fsspec knows: a folder, S3, GCS. Servers may share it.

It is a convenience, and fails like one: what is damaged, another engine's or unreadable is as good as not there, and a store
that cannot be read or written rests for a while and says so once.
"""

import os
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import TypeVar

import fsspec
import pooch

from engine.compare import History
from engine.experiments import Experiment
from pages.kit.fingerprint import fingerprint
from pages.kit.log import LOG
from pages.kit.packed import pack, unpack

BOUND = 1e9  # bytes
REST = 60.0  # seconds
HEAD = "run-"  # of the names of its files: no others are deleted
FOREIGN = ("mnist-full",)  # data sets that are not ours: a folder may hold others under their names
WRITTEN = ("mtime", "LastModified", "updated", "created")  # what file systems call the time of the last change
T = TypeVar("T")


class Store:
    """`url` names a folder as fsspec does; ValueError or ImportError if fsspec cannot. It holds about `bound` bytes at most:
    the files that were written or, in a folder of this machine, read the longest ago go first."""

    def __init__(self, url: str, bound: float = BOUND) -> None:
        self.url, self.bound = url, bound
        self.files, self.root = fsspec.url_to_fs(url)
        self.local = "file" in self.files.protocol
        self.room = 0.0  # bytes that may be written before the next look at all files
        self.resting: dict[str, float] = {}  # "read" or "written" → until when
        self.lock = threading.Lock()

    def __contains__(self, spec: Experiment) -> bool:
        """Whether there is a file of the experiment."""
        return bool(self._try("read", lambda: self.files.exists(self._path(spec))))

    def get(self, spec: Experiment) -> tuple[History, float] | None:
        """The history of an experiment, finished, and the seconds it took."""
        if spec.dataset in FOREIGN:
            return None
        packed = self._try("read", lambda: self._read(self._path(spec)))
        try:
            return unpack(packed, spec) if packed else None
        except Exception as error:
            LOG.warning("a kept run is of no use and will be trained again: %s: %s", type(error).__name__, error)
            return None

    def put(self, history: History, seconds: float) -> None:
        """Keep a finished history."""
        if history.experiment.dataset not in FOREIGN:
            self._try("written", lambda: self._write(self._path(history.experiment), pack(history, seconds)))

    def _path(self, spec: Experiment) -> str:
        return f"{self.root}/{HEAD}{sha256(f'{fingerprint()} {spec!r}'.encode()).hexdigest()[:40]}.npz"

    def _read(self, path: str) -> bytes | None:
        try:
            packed = self.files.cat_file(path)
        except FileNotFoundError:
            return None
        if self.local:
            with suppress(OSError):
                os.utime(path)
        return packed

    def _write(self, path: str, packed: bytes) -> None:
        """In a folder under another name first, so that nobody reads half a file; object stores show whole ones only."""
        with self.lock:
            self.files.makedirs(self.root, exist_ok=True)
            if self.room < len(packed):
                self._trim()
            self.room -= len(packed)
        part = f"{self.root}/{HEAD}{uuid.uuid4().hex}.part" if self.local else path
        try:
            self.files.pipe_file(part, packed)
            if self.local:
                self.files.mv(part, path)
        except BaseException:
            with suppress(Exception):
                self.files.rm_file(part)
            raise

    def _trim(self) -> None:
        """Delete the oldest files if there are too many; look again when a quarter of what is left has been written, for
        others write too."""
        self.files.invalidate_cache()
        try:
            every = [file for file in self.files.ls(self.root, detail=True) if file["name"].rpartition("/")[2].startswith(HEAD)]
        except FileNotFoundError:  # object stores know no empty folders
            every = []
        every.sort(key=lambda file: next(file[name] for name in WRITTEN if name in file))
        left = self.bound - sum(file["size"] for file in every)
        if left < 0:
            for file in every:
                with suppress(FileNotFoundError):
                    self.files.rm_file(file["name"])
                left += file["size"]
                if left >= self.bound / 10:
                    break
        self.room = left / 4

    def _try(self, what: str, ask: Callable[[], T]) -> T | None:
        """What it gives; None while it rests after a failure. Storage elsewhere raises all kinds of errors."""
        if time.monotonic() < self.resting.get(what, 0):
            return None
        try:
            found = ask()
        except Exception as error:
            if what not in self.resting:
                LOG.warning("runs in %s cannot be %s: %s: %s", self.url, what, type(error).__name__, error)
            self.resting[what] = time.monotonic() + REST
            return None
        self.resting.pop(what, None)
        return found


def named() -> Store | None:
    """The store that `RUNS_DIR` names, the user's cache folder without it; None if it is "off" or names nothing."""
    url = os.environ.get("RUNS_DIR", f"{pooch.os_cache('why-networks-train')}/runs")
    if url in ("", "off"):
        return None
    try:
        return Store(url)
    except (ValueError, ImportError, OSError) as error:
        LOG.warning("RUNS_DIR is %s, where no runs can be kept: %s", url, error)
        return None
