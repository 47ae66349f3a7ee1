# SPDX-License-Identifier: GPL-2.0-or-later
"""The scan on machines that are not there, and the filter alone against Debian's.

bench-scan judges a pattern of struct pages that repeats: one larger than any cache
for speed, a small one for machines of any size, where bitmaps go to a file and the
most memory the process ever had is what counts.
"""
import os
import re
import subprocess

from filter import CPU_SECONDS, IN_SUITE, cpu_seconds
from steps import StepFailed

ROUNDS = 3
SPEED_PATTERN = 256
SIZE_PATTERN = 2


def scan(build, gib, threads, pattern, work):
    """What bench-scan tells, as numbers by name."""
    spill = os.path.join(work, "bitmaps")
    done = subprocess.run([os.path.join(build, "tests/bench/bench-scan"), str(gib),
                           str(threads), str(pattern), spill],
                          capture_output=True, text=True, check=False)
    if os.path.exists(spill):
        os.unlink(spill)
    if done.returncode:
        raise StepFailed(f"bench-scan: {done.stderr}")
    return {name: float(value)
            for name, value in re.findall(r"(\w+)=([\d.]+)", done.stdout)}


def speed(build, threads, work):
    """Millions of struct pages a second and core; the best of a few rounds counts."""
    return max(scan(build, 64, threads, SPEED_PATTERN, work)["rate"]
               for _ in range(ROUNDS))


def growth(build, gib, threads, work):
    """Machines of @gib against 64 GiB: CPU time a page as a ratio, and MiB at most."""
    small = min(scan(build, 64, threads, SIZE_PATTERN, work)["cpu"]
                for _ in range(ROUNDS))
    large = scan(build, gib, threads, SIZE_PATTERN, work)
    return large["cpu"] / small / (gib / 64), large["rss"] / 1024


def filter_alone(ours, vmcore, work):
    """CPU time of --dry-run -d 31, ours : that of a newer suite's and of this one's."""
    options = ["makedumpfile", "--dry-run", "-f", "-d", "31"]
    mine = [CPU_SECONDS, ours, *options[1:], vmcore, os.path.join(work, "ours")]
    newer = [IN_SUITE, "forky", "-", vmcore, work, "/mnt/readers/cpu-seconds", *options,
             "/mnt/vmcore", "/mnt/out/theirs"]
    here = [CPU_SECONDS, *options, vmcore, os.path.join(work, "theirs")]
    best = [min(cpu_seconds(command) for _ in range(ROUNDS))
            for command in (mine, newer, here)]
    return best[0] / best[1], best[0] / best[2]
