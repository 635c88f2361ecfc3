"""Faults at full size: hostile inputs, kills at random moments, full disks.

    python -m benchmarks.faults --inputs 5000
    python -m benchmarks.faults --kills 200
    python -m benchmarks.faults --full-disk

Each prints what it did and ends with 1 when something was lost, hung, or came out otherwise than it should.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

FULL_LINE_BYTES = 200_000_000


def main() -> int:
    """Do what the command line asks for; return the exit code."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--inputs", type=int, default=0, help="hostile and damaged inputs to read")
    asked.add_argument("--kills", type=int, default=0, help="times to kill a night")
    asked.add_argument("--full-disk", nargs="*", metavar="STEP", help="fill the disk within each step, or within these")
    asked.add_argument("--no-mount", action="store_true", help="let no file grow, instead of a small disk")
    asked.add_argument("--both", action="store_true", help="a small disk, and then files that may not grow")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--item-seconds", type=float, default=20)
    asked.add_argument("--item-megabytes", type=int, default=1_024)
    asked.add_argument("--line-bytes", type=int, default=FULL_LINE_BYTES, help="length of lines without end")
    options = asked.parse_args()
    wrong: list[str] = []
    if options.inputs:
        wrong += _inputs(options)
    if options.kills:
        wrong += _kills(options)
    if options.full_disk is not None:
        wrong += _full_disk(options)
    for line in wrong:
        print("WRONG:", line)
    return 1 if wrong else 0


def _inputs(options: argparse.Namespace) -> list[str]:
    from benchmarks.hostile import corpus

    with tempfile.TemporaryDirectory(prefix="cxnlp-hostile-") as name:
        folder = Path(name) / "inputs"
        folder.mkdir()
        n_written = corpus.write(folder, n=options.inputs, seed=options.seed, line_bytes=options.line_bytes)
        done = corpus.account(folder, item_seconds=options.item_seconds, item_megabytes=options.item_megabytes)
    print(
        f"{done.n_files} inputs in {done.seconds:.0f} s ({done.n_files / done.seconds:.0f}/s): {done.n_items} items, "
        f"of them {done.n_problems} in quarantine; {len(done.stopped)} files were stopped, {done.n_processes} processes"
    )
    print("slowest:", *(f"\n  {seconds:6.1f} s {file}" for seconds, file in done.slowest))
    print("stopped:", *(f"\n  {file}" for file in done.stopped))
    return [*(f"lost: {file}" for file in done.lost), *([] if done.n_files == n_written else ["files are missing"])]


def _kills(options: argparse.Namespace) -> list[str]:
    from benchmarks.killing import kill

    done = kill(options.kills, options.seed)
    steps = ", ".join(f"{step} {n}" for step, n in done.within.most_common())
    print(
        f"{done.n_kills} kills in {done.seconds:.0f} s, {done.n_nights} nights whole after them; {done.n_too_late} "
        f"came too late. Kills after the step that begins with: {steps}"
    )
    return done.wrong


def _full_disk(options: argparse.Namespace) -> list[str]:
    from benchmarks.filling import STEPS, fill

    done = fill(tuple(options.full_disk) or STEPS, ways=(True, False) if options.both else (not options.no_mount,))
    for line in done.told:
        print(line)
    return done.wrong


if __name__ == "__main__":
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "ERROR")
    sys.exit(main())
