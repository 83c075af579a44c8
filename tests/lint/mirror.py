#!/usr/bin/env python3
"""Checks that every source has a test in its place, and that no test is without its source.

src/os/root.cc has tests/unit/os/root_test.cc or tests/kernel/os/root_test.cc or both;
src/cli/kill.cc has tests/cli/kill.bats, or a unit test. A test that tests/meson.build does not name
would never run, so it is an error too.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
SUITES = ["unit", "kernel"]

UNTESTED = {
    "main.cc": "every test of tests/cli runs it",
    "base/fmt.cc": "only instantiates the templates of {fmt}",
}
STATIC = "kernel/os/no_nss_test.cc"  # a program of its own


def places(source):
    """Where the tests of src/`source` may be."""
    tests = [f"{suite}/{source.removesuffix('.cc')}_test.cc" for suite in SUITES]
    command = re.fullmatch(r"cli/(\w+)\.cc", source)
    return tests + ([f"cli/{command[1]}.bats"] if command else [])


def names(folder, pattern):
    return {path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob(pattern)}


def named_in_build(text):
    """The tests that tests/meson.build names: `SUITE = { 'LAYER': [ 'NAME', … ], … }`."""
    return {f"{suite}/{layer}/{name}_test.cc"
            for suite, layers in re.findall(r"^(\w+) = \{(.*?)^\}", text, re.M | re.S)
            for layer, tests in re.findall(r"'(\w+)': \[(.*?)\]", layers, re.S)
            for name in re.findall(r"'(\w+)'", tests)} | {STATIC}


sources = names("src", "*.cc")
tests = {name for name in names("tests", "*_test.cc") | names("tests", "*.bats")
         if name.split("/")[0] in [*SUITES, "cli"]}
named = named_in_build((ROOT / "tests/meson.build").read_text())

problems = []
for source in sorted(sources - UNTESTED.keys()):
    if not tests.intersection(places(source)):
        problems.append(f"src/{source}: has no test; make tests/{places(source)[0]}")
mirrored = {place for source in sources for place in places(source)}
for test in sorted(tests - mirrored):
    problems.append(f"tests/{test}: mirrors no source")
for test in sorted(tests):
    if test.endswith(".cc") and test not in named:
        problems.append(f"tests/{test}: is not named in tests/meson.build")
print("\n".join(problems) or "tests mirror sources")
sys.exit(bool(problems))
