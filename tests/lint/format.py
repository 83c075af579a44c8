#!/usr/bin/env python3
"""Checks the layout of every C++ file by .clang-format. `clang-format-19 -i FILE` mends one."""
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1])
SKIPPED = 77  # meson's status for a test that did not run

if not shutil.which("clang-format-19"):
    print("there is no clang-format-19")
    sys.exit(SKIPPED)
files = sorted(path for folder in ("src", "tests") for path in (ROOT / folder).rglob("*.[hc]*")
               if path.suffix in (".h", ".cc"))
sys.exit(subprocess.run(["clang-format-19", "--dry-run", "--Werror", *files]).returncode)
