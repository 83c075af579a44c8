#!/usr/bin/env python3
"""Runs clang-tidy over the given sources, or over all of src/, one for each processor.

usage: tests/lint/tidy.py [-p BUILD] [FILE...]

BUILD is where meson left compile_commands.json ("build" unless said otherwise). Takes minutes for
all, so it is no part of the lint suite.

Nearly all that clang-tidy looks at are the headers of a source, which sources share. So those that
define no name alike in one namespace are looked at as one, and each alone only where that does not
compile.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOST_TOGETHER = 24

# What a source has for itself: functions, constants, types and names that it uses for others.
OWN_NAMES = re.compile(
    r"^static [^;{=]*?(\w+)\("
    r"|^(?:static |inline )?(?:constexpr|const) [^;{=(]*?(\w+)\b\s*(?:\[\w*\])?\s*[={(]"
    r"|^(?:struct|class|enum class|union|#define) (\w+)|^using (\w+) =|^using [\w:]+::(\w+);"
    r"|^namespace (\w+) =", re.MULTILINE)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("-p", dest="build", default=str(ROOT / "build"))
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    return parser.parse_args()


def own_names(path):
    return {name for names in OWN_NAMES.findall(path.read_text()) for name in names if name}


def groups_of(files):
    """Without a name twice in one folder, which has a namespace of its own."""
    groups = []
    for path in sorted(files):
        if ROOT / "src" not in path.parents:  # whose findings .clang-tidy leaves out of a group
            yield [path]
            continue
        names = {(path.parent, name) for name in own_names(path)}
        for group, taken in groups:
            if len(group) < MOST_TOGETHER and not names & taken:
                group.append(path)
                taken |= names
                break
        else:
            groups.append(([path], names))
    yield from (group for group, _ in groups)


def flags_of(build):
    """Of each source, how it is compiled: the words behind the compiler's name, but for files."""
    flags = {}
    for entry in json.loads((pathlib.Path(build) / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        words = words[next(at for at, word in enumerate(words) if word.startswith("-")):]
        dropped = {at + step for at, word in enumerate(words) if word in ("-o", "-MF", "-MQ", "-c")
                   for step in (0, 1)}
        path = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        flags[path] = [word for at, word in enumerate(words) if at not in dropped]
    return flags


class Tidy:
    def __init__(self, build):
        self.build = pathlib.Path(build).resolve()  # where .clang-tidy is in a folder above
        self.flags = flags_of(build)

    def look(self, source, flags):
        command = ["clang-tidy-19", "--quiet", str(source), "--", *flags]
        run = subprocess.run(command, capture_output=True, text=True, cwd=self.build)
        return run.stdout + run.stderr if run.returncode != 0 else ""

    def flags_for(self, group):
        """Those of the first, and where the others find their libraries."""
        flags = list(self.flags[group[0]])
        for path in group:
            flags += [flag for flag in self.flags[path]
                      if flag.startswith(("-I", "-isystem")) and flag not in flags]
        return flags

    def complaints(self, group):
        if len(group) > 1:
            with tempfile.NamedTemporaryFile("w", suffix=".cc", dir=self.build) as together:
                together.writelines(f'#include "{path}"  // NOLINT(bugprone-suspicious-include)\n'
                                    for path in group)
                together.flush()
                found = self.look(together.name, [*self.flags_for(group), "-Wno-shadow"])
            if "clang-diagnostic-error" not in found:
                return found
        return "".join(self.look(path, self.flags[path]) for path in group)


def main():
    args = arguments()
    files = [path.resolve() for path in args.files or (ROOT / "src").rglob("*.cc")
             if path.suffix == ".cc"]
    tidy = Tidy(args.build)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(filter(None, pool.map(tidy.complaints, list(groups_of(files)))))
    print("\n".join(found) or f"{len(files)} files are tidy")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
