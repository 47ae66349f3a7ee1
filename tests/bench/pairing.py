# SPDX-License-Identifier: GPL-2.0-or-later
"""What a second thread brings, and costs: ours and a newer suite's, taking turns.

Wall time counts in the best of many rounds: a machine that others use, too, shows
less than there is. Memory is what time(1) saw.
"""
import collections
import os

from filter import CPU_SECONDS, IN_SUITE, output

ROUNDS = 7

Found = collections.namedtuple("Found", "speedup cpu peer_speedup peer_cpu rss")


def rss(command):
    """KiB at most, of one run."""
    return int(output(["/usr/bin/time", "-f", "%M", "-o", "/dev/stdout", *command])
               .split()[-1])


def compare(ours, vmcore, work):
    target = os.path.join(work, "ours")
    mine = [[ours, "-f", "-z", "-d", "1", "--message-level", "0", "--threads", n, vmcore,
             target] for n in ("1", "2")]
    peer = [[IN_SUITE, "forky", "-", vmcore, work, "/mnt/readers/cpu-seconds", "--wall",
             "makedumpfile", "-f", "-z", "-d", "1", *more, "/mnt/vmcore",
             "/mnt/out/theirs"] for more in ((), ("--num-threads", "2"))]
    commands = [*([CPU_SECONDS, "--wall", *command] for command in mine), *peer]
    best = [(9e9, 9e9)] * len(commands)
    for _ in range(ROUNDS):
        for i, command in enumerate(commands):
            cpu, wall = map(float, output(command).split())
            best[i] = min(best[i][0], cpu), min(best[i][1], wall)
    one, two, peer_one, peer_two = best
    return Found(one[1] / two[1], two[0] / one[0], peer_one[1] / peer_two[1],
                 peer_two[0] / peer_one[0],
                 {count: rss(command) for count, command in enumerate(mine, 1)})
