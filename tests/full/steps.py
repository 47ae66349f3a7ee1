# SPDX-License-Identifier: GPL-2.0-or-later
"""Progress of a long run: one line a step, with the seconds it took.

On a terminal the seconds count up while a step works; in a log only the
finished line appears.  Used by ./demo and by the full VM test.
"""

import contextlib
import subprocess
import sys
import threading
import time

WIDTH = 58


class StepFailed(Exception):
    """What a step says when it fails: one line for a person."""


def _ticker(text, start, stop):
    while not stop.wait(1.0):
        seconds = time.monotonic() - start
        print(f"\r  {text:<{WIDTH}} {seconds:6.0f} s ", end="", flush=True)


@contextlib.contextmanager
def step(text):
    """Prints @text and how long the block took, or that it failed."""
    start = time.monotonic()
    stop = threading.Event()
    live = sys.stdout.isatty()
    thread = threading.Thread(target=_ticker, args=(text, start, stop), daemon=True)
    if live:
        print(f"  {text:<{WIDTH}}", end="", flush=True)
        thread.start()
    ending = "FAILED"
    try:
        yield
        ending = ""
    finally:
        stop.set()
        if live:
            thread.join()
        seconds = time.monotonic() - start
        print(f"{chr(13) if live else ''}  {text:<{WIDTH}} {seconds:6.1f} s {ending}",
              flush=True)


def run(command, log, **options):
    """Runs @command with its output in @log; StepFailed quotes its last line."""
    with open(log, "a", encoding="utf-8") as out:
        out.write("+ " + " ".join(map(str, command)) + "\n")
        out.flush()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out,
                              stderr=subprocess.STDOUT, check=False, **options)
    if done.returncode != 0:
        with open(log, encoding="utf-8", errors="replace") as out:
            last = [line for line in out.read().splitlines() if line.strip()][-1]
        raise StepFailed(f"{last.strip()} (log: {log})")


def show(text, lines=None):
    """Prints @text indented under the step's line, at most @lines of it."""
    for line in text.rstrip().splitlines()[:lines]:
        print("      " + line.rstrip())
    sys.stdout.flush()
