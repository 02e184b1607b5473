"""To warm the store is to train all textbook runs before a class needs them: `python -m pages.kit.warm [topic, lab or deck …]`.

Those are what each lab shows at first, and at every entry of its menu of figures; of a deck what its slides show. What is kept
already is not trained again.
"""

import argparse
import logging
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pages.kit.lab import Lab
    from pages.kit.runs import Run

LOOK = 0.2  # seconds


def textbook(lab: "Lab") -> Iterator[dict[str, str]]:
    """The settings of a lab's textbook runs, as differences from what it shows at first."""
    from pages.kit.controls import EVERYTHING

    yield {}
    for name, control in lab.known({}).items():
        if control.resets == EVERYTHING:
            yield from ({name: option} for option in control.options if option != control.default)


class Task:
    """A textbook run on its way; where its results ask for more, it goes on."""

    def __init__(self, lab: "Lab", given: dict[str, str]) -> None:
        self.lab, self.values = lab, lab.settle(given)
        self.name = " ".join([lab.id, *(f"{name}={option}" for name, option in given.items())])
        self.run = self._ask()

    def _ask(self) -> "Run":
        from pages.kit import compute

        return compute.run(self.lab.asked(self.values))

    def over(self) -> bool:
        """Whether it has come to its end; to ask keeps it going."""
        snapshot = self.run.look()
        if snapshot.state == "done" and self.run.experiments != tuple(self.lab.asked(self.values)):
            self.run = self._ask()
            return False
        return snapshot.state in ("done", "cancelled", "failed")

    def told(self) -> str:
        snapshot, count = self.run.look(), len(self.run.experiments)
        if snapshot.state != "done":
            return f"{self.name}: {snapshot.state}: {snapshot.note}"
        how = f"trained, {sum(self.run.seconds):.1f} s of one core" if snapshot.elapsed else "kept already"
        return f"{self.name}: {count} network{'s' * (count > 1)} {how}"


def main() -> None:
    logging.getLogger("streamlit.runtime.caching.cache_data_api").disabled = True  # it misses its server
    from pages.kit import shelf, store  # here, for worker processes import this file too, and need none of it
    from pages.labs import LABS, TOPICS

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "names", nargs="*", metavar="name", help="a topic (batchnorm), a lab (search/random) or a deck (dlfs6)"
    )
    options.add_argument("--first", action="store_true", help="no entries of menus: what each lab shows at first")
    asked = options.parse_args()
    names = asked.names
    training = {name: lab for name, lab in LABS.items() if not lab.find}
    talks = [shelf.load(name, TOPICS) for name in shelf.decks() if name in names]
    if unknown := {*names} - {*training, *(name.partition("/")[0] for name in training), *(talk.name for talk in talks)}:
        options.error(f"nothing is trained by {', '.join(unknown)}; the labs that train are {', '.join(training)}")
    kept = store.named()
    if not kept:
        options.error("RUNS_DIR names no place where runs could be kept")
    labs = [lab for name, lab in training.items() if not names or {name, name.partition("/")[0]} & {*names}]
    began = time.monotonic()
    tasks = [Task(lab, given) for lab in labs for given in ([{}] if asked.first else textbook(lab))]
    tasks += [Task(slide.lab, slide.given) for talk in talks for slide in talk.slides if slide.lab and not slide.lab.find]
    waiting = list(tasks)
    while waiting:
        for task in [task for task in waiting if task.over()]:
            waiting.remove(task)
            sys.stdout.write(f"{task.told()}\n")
            sys.stdout.flush()
        time.sleep(LOOK)
    tasks[0].run.pool.close()  # it writes what is to be written
    done = sum(all(spec in kept for spec in task.run.experiments) for task in tasks)
    sys.stdout.write(f"{done} of {len(tasks)} textbook runs are in {kept.url}; {time.monotonic() - began:.0f} s.\n")
    sys.exit(done < len(tasks))


if __name__ == "__main__":
    main()
