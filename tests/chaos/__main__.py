"""Faults against a running service: PYTHONPATH=tests .venv/bin/python -m chaos --faults 500"""

import argparse
import asyncio
import secrets
import sys

from chaos.run import chaos


def main() -> int:
    asked = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    asked.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    asked.add_argument("--faults", type=int, default=500)
    asked.add_argument("--rounds", type=int, default=5, help="services, one after the other")
    given = asked.parse_args()
    broken = 0
    for seed in range(given.seed, given.seed + given.rounds):
        print(f"seed {seed}", flush=True)
        share = given.faults // given.rounds
        report = asyncio.run(chaos(seed, share, say=lambda line: print(line, flush=True)))
        print(report, flush=True)
        broken += len(report.breaches)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
