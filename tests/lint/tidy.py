#!/usr/bin/env python3
"""Runs clang-tidy over the given sources, or over all of src/, one for each processor.

usage: tests/lint/tidy.py [-p BUILD] [FILE...]

BUILD is where meson left compile_commands.json ("build" unless said otherwise). Takes minutes for
all, so it is no part of the lint suite.
"""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("-p", dest="build", default=str(ROOT / "build"))
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    return parser.parse_args()


def complaints(build, path):
    command = ["clang-tidy-19", "-p", build, "--quiet", str(path)]
    run = subprocess.run(command, capture_output=True, text=True)
    return run.stdout + run.stderr if run.returncode != 0 else ""


args = arguments()
files = [path for path in args.files or (ROOT / "src").rglob("*.cc") if path.suffix == ".cc"]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    found = list(filter(None, pool.map(lambda path: complaints(args.build, path), sorted(files))))
print("\n".join(found) or f"{len(files)} files are tidy")
sys.exit(bool(found))
