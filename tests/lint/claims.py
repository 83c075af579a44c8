#!/usr/bin/env python3
"""Checks that each claim of SECURITY.md names a test that exists."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
TESTS = ROOT / "tests"


def exists(reference):
    """`FILE.bats: NAME` of tests/hostile, or the path of a file in tests/."""
    file, _, name = reference.partition(": ")
    if not name:
        return (TESTS / file).is_file()
    path = TESTS / "hostile" / file
    return path.is_file() and f'@test "{name}"' in path.read_text()


text = (ROOT / "SECURITY.md").read_text()
claims = re.findall(r"^- (.*?)(?=^- |^#|\Z)", text, re.M | re.S)
problems = []
for claim in claims:
    reference = re.search(r"\(([\w/]+\.(?:bats|cc)(?:: [^()]+)?)\)\s*\Z", claim)
    if not reference:
        problems.append(f"SECURITY.md: no test is named for: {claim.strip()}")
    elif not exists(reference[1]):
        problems.append(f"SECURITY.md: there is no test '{reference[1]}'")
print("\n".join(problems) or f"{len(claims)} claims name their tests")
sys.exit(bool(problems or not claims))
