# SPDX-License-Identifier: GPL-2.0-or-later
"""CPU time and output size of two makedumpfiles on the same vmcore.

Only ratios of runs that take turns on one machine mean something there, so that
is what it returns. Debian 12's makedumpfile has no zstd; a newer suite's stands
in for -z, and with it "-z" is compared like for like.
"""
import collections
import os
import subprocess

from steps import StepFailed

HERE = os.path.dirname(os.path.abspath(__file__))
IN_SUITE = os.path.join(HERE, "../readers/in-suite")
CPU_SECONDS = os.path.join(HERE, "../readers/cpu-seconds")
ROUNDS = 3
CASES = ("-l -d 31", "-z -d 31", "-c -d 31")

Ratios = collections.namedtuple("Ratios", "cpu size")


def output(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StepFailed(done.stderr.strip())
    return done.stdout


def cpu_seconds(command):
    return float(output(command))


def theirs(options, vmcore, work):
    arguments = ["makedumpfile", "-f", *options]
    if "-z" in options:
        return [IN_SUITE, "forky", "-", vmcore, work, "/mnt/readers/cpu-seconds",
                *arguments, "/mnt/vmcore", "/mnt/out/theirs"]
    return [CPU_SECONDS, *arguments, vmcore, os.path.join(work, "theirs")]


def compare(ours, vmcore, work):
    """Yields (options, Ratios) for each case; the best of a few rounds counts."""
    for case in CASES:
        options = case.split()
        mine = [CPU_SECONDS, ours, "-f", *options, vmcore, os.path.join(work, "ours")]
        other = theirs(options, vmcore, work)
        rounds = [(cpu_seconds(mine), cpu_seconds(other)) for _ in range(ROUNDS)]
        sizes = [os.path.getsize(os.path.join(work, name)) for name in ("ours", "theirs")]
        best = [min(times) for times in zip(*rounds)]
        yield case, Ratios(best[0] / best[1], sizes[0] / sizes[1])
