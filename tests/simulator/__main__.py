"""Runs many worlds: `python -m tests.simulator [HOW MANY [FIRST SEED]]`, by `make simulate`."""

import sys

from tests.simulator.world import Broken, World

TOLD_EVERY = 500


def main() -> None:
    given = [int(each) for each in sys.argv[1:3]]
    count, first = (given + [2_000, 0][len(given) :])[:2]
    for seed in range(first, first + count):
        try:
            World(seed).run()
        except Exception as error:
            again = f"The same again: python -m tests.simulator 1 {seed}"
            if isinstance(error, Broken):
                sys.exit(f"{error}\n{again}")
            error.add_note(again)
            raise
        if (seed + 1) % TOLD_EVERY == 0:
            print(f"{seed + 1 - first} worlds, all promises held", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
