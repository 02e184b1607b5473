"""What becomes of the claims: `python -m benchmarks.claims` trains every claim's networks with the seeds 0 to 9 and prints the
table of the README; names train only these, the others are as they were found. `--keep` writes `assets/claims.json`, what the
pages say before anybody runs a claim.
"""

import argparse
import os
import time

from engine.claims import CLAIMS
from engine.compare import compare
from engine.descent import follow
from pages.kit import findings


def measured(name: str, seeds: range) -> dict[str, list[float]]:
    """Place → what was measured there, seed by seed."""
    claim = CLAIMS[name]
    specs = claim.experiments(seeds)
    results = [follow(spec) for spec in specs] if claim.exact else compare(specs, workers=os.cpu_count() or 1)
    return {place: [float(f"{value:.6g}") for value in values] for place, values in claim.effects(results).items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", metavar="claim", help="one of: " + ", ".join(CLAIMS))
    options.add_argument("--seeds", type=int, default=10)
    options.add_argument("--first", type=int, default=0, help="the first seed, e.g. one that was not used in writing")
    options.add_argument("--keep", action="store_true")
    options.add_argument("--more", action="store_true", help="go on from the seeds that are known")
    given = options.parse_args()
    effects = dict(findings.kept()) if given.names or given.more else {}
    for name in given.names or CLAIMS:
        start = time.perf_counter()
        known = effects.get(name, {}) if given.more else {}
        tried = len(next(iter(known.values()), ()))
        if tried and CLAIMS[name].exact:
            continue
        found = measured(name, range(given.first + tried, given.first + given.seeds))
        effects[name] = {place: [*known.get(place, ()), *values] for place, values in found.items()}
        print(f"{name}: {time.perf_counter() - start:.1f} s", flush=True)
        if given.keep:
            findings.keep(effects)
    print("\n" + findings.table(effects))


if __name__ == "__main__":
    main()
