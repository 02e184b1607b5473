"""What is kept on disk: whole, of this engine, in no more room than it may take, and never in anybody's way."""

import multiprocessing
import threading
import time
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from engine.compare import compare
from pages.kit import packed, store
from pages.kit.keeper import Keeper
from pages.kit.store import Store
from tests.pages.pools import QUICK, ended, pooled, wait_for
from tests.runs import trained

SHOWN = {"probe_steps": (1, 7, 20), "weight_steps": (1, 20)}
KINDS = {
    "losses": QUICK,
    "not evaluated": replace(QUICK, evaluate="none"),
    "validated": replace(QUICK, validation_size=50),
    "probes": replace(QUICK, **SHOWN, batchnorm="before", activation="prelu"),
    "maxout": replace(QUICK, **SHOWN, activation="maxout", hyper=()),
    "diverged": replace(QUICK, **SHOWN, lr=1e6, hidden=(10, 10)),
    "no hidden layer": replace(QUICK, **SHOWN, hidden=()),
    "points": replace(QUICK, **SHOWN, dataset="circles"),
}


def assert_same(ours, theirs):
    """Equal in value, type and dtype, through and through."""
    assert type(ours) is type(theirs)
    if is_dataclass(theirs):
        for part in fields(theirs):
            assert_same(getattr(ours, part.name), getattr(theirs, part.name))
    elif isinstance(theirs, dict):
        assert list(ours) == list(theirs)
        assert_same(list(ours.values()), list(theirs.values()))
    elif isinstance(theirs, (list, tuple)):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert_same(one, other)
    else:
        np.testing.assert_array_equal(ours, theirs, strict=isinstance(theirs, np.ndarray))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["folder", "memory://runs"])
def test_what_is_kept_comes_back_as_it_was(kind, place, tmp_path):
    (history,) = trained([KINDS[kind]])
    kept = Store(str(tmp_path / "runs") if place == "folder" else place)
    assert kept.get(KINDS[kind]) is None or place != "folder"
    kept.put(history, 1.25)
    found, seconds = kept.get(KINDS[kind])
    assert_same(found, history)
    assert seconds == 1.25
    assert kept.get(replace(KINDS[kind], seed=77)) is None


def test_a_diverged_history_is_one():
    assert trained([KINDS["diverged"]])[0].diverged


def one_file(folder):
    (file,) = folder.iterdir()
    return file


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "pickle", "another"])
def test_a_damaged_file_is_as_good_as_none_and_written_again(harm, tmp_path):
    history, other = trained([QUICK, replace(QUICK, seed=1)])
    kept = Store(str(tmp_path))
    kept.put(history, 1.0)
    file = one_file(tmp_path)
    whole = file.read_bytes()
    if harm == "pickle":
        np.savez(file, told=np.array([{"x": 1}], dtype=object))
    elif harm == "another":
        file.write_bytes(packed.pack(other, 1.0))
    else:
        middle = len(whole) // 2
        flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
        file.write_bytes({"cut": whole[:-100], "empty": b"", "flipped": flipped}[harm])
    assert kept.get(QUICK) is None
    kept.put(history, 1.0)
    assert_same(kept.get(QUICK)[0], history)


def test_another_engine_has_other_runs(tmp_path, monkeypatch):
    (history,) = trained([QUICK])
    Store(str(tmp_path)).put(history, 1.0)
    for module in (store, packed):
        monkeypatch.setattr(module, "fingerprint", lambda: "another")
    assert Store(str(tmp_path)).get(QUICK) is None
    monkeypatch.setattr(store, "fingerprint", packed.fingerprint)
    file = one_file(tmp_path)
    with pytest.raises(ValueError, match="another engine's"):
        packed.unpack(file.read_bytes(), QUICK)


def test_where_nothing_can_be_written_it_says_so_once(tmp_path, caplog):
    (history,) = trained([QUICK])
    (tmp_path / "file").write_text("not a folder")
    kept = Store(str(tmp_path / "file" / "runs"))
    for _ in range(3):
        kept.put(history, 1.0)
    assert kept.get(QUICK) is None
    assert caplog.text.count("cannot be written") == 1


def test_a_bad_address_is_a_line_in_the_log(monkeypatch, caplog, tmp_path):
    monkeypatch.setenv("RUNS_DIR", "nonsense://runs")
    assert store.named() is None
    assert "RUNS_DIR is nonsense://runs" in caplog.text
    for off in ("off", ""):
        monkeypatch.setenv("RUNS_DIR", off)
        assert store.named() is None
    monkeypatch.delenv("RUNS_DIR")
    monkeypatch.setattr("pooch.os_cache", lambda name: tmp_path / name)
    assert store.named().root == str(tmp_path / "why-networks-train/runs")


def test_the_oldest_go_and_strangers_stay(tmp_path):
    (tmp_path / "mine.npz").write_bytes(b"x" * 100_000)
    histories = trained([replace(QUICK, seed=seed) for seed in range(12)])
    size = len(packed.pack(histories[0], 1.0))
    kept = Store(str(tmp_path), bound=6.5 * size)
    for history in histories:
        kept.put(history, 1.0)
        assert kept.get(QUICK) is not None  # what is read stays
        time.sleep(0.01)
        assert sum(file.stat().st_size for file in tmp_path.glob("run-*")) <= 7.5 * size
    assert kept.get(histories[-1].experiment) is not None
    assert kept.get(histories[1].experiment) is None
    assert (tmp_path / "mine.npz").exists()


def write_all(folder, seeds, begin):
    begin.wait()
    kept = Store(folder)
    for history in compare([replace(QUICK, seed=seed) for seed in seeds]):
        for _ in range(5):
            kept.put(history, 1.0)


def test_two_processes_share_a_folder(tmp_path):
    context = multiprocessing.get_context("spawn")
    begin = context.Event()
    both = [context.Process(target=write_all, args=(str(tmp_path), range(8), begin)) for _ in range(2)]
    for process in both:
        process.start()
    begin.set()
    for process in both:
        process.join(60)
        assert process.exitcode == 0
    kept = Store(str(tmp_path))
    for history in trained([replace(QUICK, seed=seed) for seed in range(8)]):
        assert_same(kept.get(history.experiment)[0], history)
    assert len(list(tmp_path.iterdir())) == 8


def test_full_mnist_is_not_kept(tmp_path):
    spec = replace(QUICK, dataset="mnist-full")
    kept = Store(str(tmp_path))
    kept.put(replace(trained([QUICK])[0], experiment=spec), 1.0)
    assert kept.get(spec) is None
    assert not list(tmp_path.iterdir())


def test_after_a_restart_a_run_is_there_at_once(tmp_path):
    specs = [replace(QUICK, lr=lr, **SHOWN) for lr in (0.1, 0.01)]
    with pooled(keeper=Keeper(Store(str(tmp_path)))) as pool:
        first = pool.run(specs)
        wait_for(ended(first))
    with pooled(keeper=Keeper(Store(str(tmp_path)))) as pool:
        again = pool.find(specs)
        assert again.state == "done"
        for ours, theirs in zip(again.histories, first.histories, strict=True):
            assert_same(ours, theirs)
        assert again.seconds == first.seconds
        assert again.look().elapsed == 0
        assert_same(pool.known(specs[0]), first.histories[0])
        assert pool.find([QUICK]) is None
        more = pool.run([*specs, QUICK])
        assert len(more.groups) <= 1
        wait_for(ended(more))
        assert more.look().state == "done"


def test_what_another_server_has_trained_meanwhile_is_found_when_it_is_asked_for(tmp_path):
    with pooled(keeper=Keeper(Store(str(tmp_path)))) as pool:
        assert pool.find([QUICK]) is None
        Store(str(tmp_path)).put(trained([QUICK])[0], 1.0)
        assert pool.find([QUICK]) is None  # what was missed is not looked for at every turn of a page
        assert pool.run([QUICK]).state == "done"


class Slow(Store):
    """A store that answers when it is told to."""

    def __init__(self, url):
        super().__init__(url)
        self.answer, self.reads = threading.Event(), 0

    def get(self, spec):
        self.reads += 1
        self.answer.wait()
        return super().get(spec)


def test_nobody_waits_for_a_slow_store(tmp_path, monkeypatch):
    monkeypatch.setattr("pages.kit.keeper.MOMENT", 0.2)
    slow = Slow(str(tmp_path))
    slow.put(trained([QUICK])[0], 1.0)
    specs = [QUICK, *(replace(QUICK, seed=seed) for seed in range(1, 32))]
    keeper = Keeper(slow)
    began = time.monotonic()
    for _ in range(50):
        assert keeper.recall(specs) == {}
    assert time.monotonic() - began < 0.6
    slow.answer.set()
    wait_for(lambda: slow.reads == 32)
    wait_for(lambda: keeper.recall([QUICK]))
    wait_for(lambda: not keeper.recall(specs[1:]) and not keeper.asked)
    assert slow.reads == 32  # each once
    began = time.monotonic()
    for _ in range(1000):
        keeper.recall(specs[1:])
    assert (time.monotonic() - began) / 1000 < 0.005
    keeper.close()


def test_what_came_too_late_for_who_asked_is_neither_kept_for_ever_nor_in_the_way_of_others(tmp_path, monkeypatch):
    monkeypatch.setattr("pages.kit.keeper.MOMENT", 0.2)
    monkeypatch.setattr("pages.kit.keeper.READS", 8)
    slow = Slow(str(tmp_path))
    early, late = (replace(QUICK, seed=seed) for seed in (0, 99))
    for history in trained([early, late]):
        slow.put(history, 1.0)
    keeper = Keeper(slow)
    for seed in range(8):  # a visitor who moves a slider on asks for each once
        assert keeper.recall([replace(QUICK, seed=seed)]) == {}
    assert keeper.recall([late]) == {}
    slow.answer.set()
    wait_for(lambda: all(future.done() for future in keeper.asked.values()))
    assert list(keeper.recall([])) == [early]
    assert not keeper.asked
    assert list(keeper.recall([late])) == [late]  # and it is waited for again
    keeper.close()
