#!/usr/bin/env python3
"""Runs `kaohe validate` over a folder of files, each alone and then all together, and prints the totals.

    cargo build --release
    scripts/corpus.py FOLDER [--program target/release/kaohe] [--messages]

Whatever the files are, each run must end in time with exit status 0 or 1, without a panic, in bounded memory, and
must say of every file the same as the run over the whole folder. The exit status here is 1 where one does not.
`--messages` prints what is said of each file. Needs a Unix for the figures of memory.
"""

import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

# What a run is given before it counts as one that hangs.
PATIENCE = 60


def run(program, path):
    """Exit status, seconds, MiB, the problems, and what went to stderr."""
    command = [program, "validate", "--format", "json", str(path)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.monotonic()
        child = subprocess.Popen(command, stdout=out, stderr=err)
        hung = False
        while True:
            # Its own memory, and that of the processes that it waited for.
            pid, status, used = os.wait4(child.pid, os.WNOHANG)
            seconds = time.monotonic() - begun
            if pid:
                break
            if seconds > PATIENCE and not hung:
                hung = True
                child.kill()
            time.sleep(0.001)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        text, said = out.read(), err.read().decode(errors="replace")
    mebibytes = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    try:
        problems = json.loads(text)["problems"]
    except (ValueError, KeyError):
        problems = None
    return "hang" if hung else child.returncode, seconds, mebibytes, problems, said


def files_of(folder):
    """The files that a walk of the program takes, by the name that it shows."""
    endings = {".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".csv", ".tsv", ".txt"}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "~$")) for part in parts)
        if path.is_file() and path.suffix.lower() in endings and not hidden:
            yield "/".join(parts), path


def gist(problems):
    """What is said of a file, but for the file's own name."""
    keys = ["code", "sheet", "cell", "message", "help"]
    return sorted(json.dumps([problem[key] for key in keys]) for problem in problems)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--program", default="target/release/kaohe")
    arguments.add_argument("--messages", action="store_true")
    given = arguments.parse_args()
    statuses, codes, wrong, alone = collections.Counter(), collections.Counter(), [], {}
    slowest, largest = (0.0, ""), (0.0, "")
    for name, path in files_of(given.folder):
        status, seconds, mebibytes, problems, said = run(given.program, path)
        statuses[status] += 1
        slowest, largest = max(slowest, (seconds, name)), max(largest, (mebibytes, name))
        if status not in (0, 1) or problems is None or "panicked" in said:
            wrong.append(f"{name}: {status} {said.strip()[:200]}")
            continue
        codes.update({problem["code"] for problem in problems})
        alone[name] = problems
        if given.messages:
            first = problems[0] if problems else None
            line = f"{first['code']}: {first['message']} → {first['help']}" if first else "没有问题"
            print(f"{name}\t{seconds:.2f} s\t{line}")
    print(f"files: {sum(statuses.values())}")
    print("exit status: " + ", ".join(f"{status}: {count}" for status, count in statuses.items()))
    print(f"slowest: {slowest[0]:.2f} s  {slowest[1]}")
    print(f"largest: {largest[0]:.0f} MiB  {largest[1]}")
    print("files with each code:")
    for code, count in codes.most_common():
        print(f"  {count:6} {code}")
    status, seconds, mebibytes, problems, said = run(given.program, given.folder)
    print(f"the folder at once: exit status {status}, {seconds:.2f} s, {mebibytes:.0f} MiB")
    together = collections.defaultdict(list)
    for problem in problems or []:
        together[problem["file"]].append(problem)
    # Sheets of several files can contradict each other; what a file cannot be read for, no other file changes.
    unreadable = {"unreadable-file", "file-too-large", "encrypted-workbook", "html-not-workbook", "no-table-found"}
    for name, found in alone.items():
        if {problem["code"] for problem in found} <= unreadable and gist(found) != gist(together[name]):
            wrong.append(f"{name}: alone it is said something else than together with the others")
    if status not in (0, 1) or problems is None or "panicked" in said:
        wrong.append(f"the folder at once: {status} {said.strip()[:200]}")
    for line in wrong:
        print(f"WRONG {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
