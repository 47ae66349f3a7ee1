# SPDX-License-Identifier: GPL-2.0-or-later
"""The table in docs/failure-modes.md: written from the cases and from the results of
their last runs, and compared with the cases.
"""

import json
import os

import dumps

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../../docs/failure-modes.md")
BEGIN, END = "<!-- begin table -->\n", "<!-- end table -->\n"
HEAD = ("| case | what happens | must be left | was left |\n"
        "|---|---|---|---|\n")
NOT_RUN = "not run"


def expected(case):
    words = {dumps.NO_DUMP: "nothing", "": "-"}
    lefts = case.left if isinstance(case.left, tuple) else (case.left,)
    named = [words.get(left, left) for left in lefts]
    return f"{named[0]} × {len(named)}" if len(set(named)) == 1 < len(named) \
        else ", ".join(named)


def row(case, seen):
    return f"| {case.name} | {case.about} | {expected(case)} | {seen} |\n"


def seen(case, build):
    """In the words of the last run."""
    path = os.path.join(build, "torture", case.name, "result.json")
    try:
        with open(path, encoding="utf-8") as f:
            result = json.load(f)
    except FileNotFoundError:
        return NOT_RUN
    if result["passed"]:
        return result.get("seen", NOT_RUN)
    words = result["words"].splitlines()[0].replace(os.path.abspath(build) + "/", "")
    return "**failed**: " + words


def table(cases, build):
    return HEAD + "".join(row(case, seen(case, build)) for case in cases)


def _parts():
    with open(PATH, encoding="utf-8") as f:
        before, rest = f.read().split(BEGIN)
    middle, after = rest.split(END)
    return before, middle, after


def write(cases, build):
    before, _, after = _parts()
    text = before + BEGIN + "\n" + table(cases, build) + "\n" + END + after
    with open(PATH, "w", encoding="utf-8") as f:
        f.write(text)


def differences(cases):
    """Rows that the document lacks or that no case has, whatever was seen."""
    written = {line.rsplit(" | ", 1)[0] for line in _parts()[1].splitlines()
               if line.startswith("| ")}
    wanted = {row(case, "").rsplit(" | ", 1)[0] for case in cases}
    wanted.add(HEAD.splitlines()[0].rsplit(" | ", 1)[0])
    return sorted(written ^ wanted)
