# SPDX-License-Identifier: GPL-2.0-or-later
"""The files the style checks look at: those git tracks, or every file of an unpacked
tarball."""

import fnmatch
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def _all_files():
    git = subprocess.run(["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files"],
                         capture_output=True, text=True, check=False)
    if git.returncode == 0 and git.stdout:
        return [p for p in git.stdout.split("\n")
                if p and os.path.isfile(os.path.join(ROOT, p))]
    found = []
    for folder, names, files in os.walk(ROOT):
        names[:] = [n for n in names if not n.startswith((".git", "build"))]
        found += [os.path.relpath(os.path.join(folder, f), ROOT) for f in files]
    return found


def tracked(*patterns):
    """Paths below the root that match one of the patterns, sorted."""
    return sorted(p for p in _all_files()
                  if any(fnmatch.fnmatch(os.path.basename(p), g) for g in patterns))
