#!/usr/bin/env python3
"""Checks the manual, the completions and the examples against what the program declares.

usage: tests/lint/manual.py ROOT [SBX]

Every command has a page in man/, and every page a command; the pages that tools/make-man writes of
them pass mandoc's lint; completions/ is what `sbx completion` prints; every option and every key of
the configuration has a help text; no example names a command or an option that does not exist.
"""
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])
SBX = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else ROOT / "build/sbx").resolve()
SKIPPED = 77  # meson's status for a test that did not run
COMPLETIONS = {"bash": "sbx.bash", "zsh": "_sbx", "fish": "sbx.fish"}


def output_of(*words):
    # Without an environment, so that nobody's configuration has a say.
    return subprocess.run([SBX, *words], env={}, check=True, capture_output=True, text=True).stdout


def page_of(command):
    if command["group"] == "OCI runtime":
        return "sbx-oci.1"
    return "sbx-" + command["name"].replace(" ", "-") + ".1"


# --- help texts -----------------------------------------------------------------------------------

def wrong_helps(declared):
    places = [("sbx", declared["global_options"] + declared["config"]),
              ("sbx oci", declared["oci_options"])]
    for command in declared["commands"]:
        places.append((f"sbx {command['name']}", command["options"] + command["operands"]))
    for place, items in places:
        for item in items:
            name = item.get("long") or item.get("name") or item["key"]
            if not item["help"]:
                yield f"{place}: {name} has no help text"
            elif item["help"].endswith("."):
                yield f"{place}: the help text of {name} ends with a full stop"


# --- pages ----------------------------------------------------------------------------------------

def wrong_pages(declared, pages):
    wanted = {"sbx.1", "sbx.toml.5", *map(page_of, declared["commands"])}
    built = set(re.findall(r"'(sbx[\w.-]*\.\d)'", (ROOT / "man/meson.build").read_text()))
    for page in sorted(wanted - pages.keys()):
        yield f"man/{page}.md: is missing"
    for page in sorted(pages.keys() - wanted):
        yield f"man/{page}.md: is the page of no command"
    for page in sorted(built.symmetric_difference(pages)):
        yield f"man/{page}.md: is there or in man/meson.build, but not in both"
    for page, text in pages.items():
        for name, number in re.findall(r"\b(sbx[\w.-]*)\((\d)\)", text):
            if f"{name}.{number}" not in wanted:
                yield f"man/{page}.md: there is no page {name}({number})"


def wrong_roff(pages):
    with tempfile.TemporaryDirectory() as folder:
        for page in pages:
            out = pathlib.Path(folder) / page
            made = subprocess.run([ROOT / "tools/make-man", SBX, ROOT / f"man/{page}.md", out],
                                  stderr=subprocess.PIPE, text=True)
            if made.returncode:
                yield f"man/{page}.md: {made.stderr.strip()}"
                continue
            lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", out],
                                  stdout=subprocess.PIPE, text=True)
            yield from (f"man/{page}.md: {line}" for line in lint.stdout.splitlines())


def wrong_completions():
    for shell, file in COMPLETIONS.items():
        path = ROOT / "completions" / file
        if not path.exists() or path.read_text() != output_of("completion", shell):
            yield f"completions/{file}: is not what `sbx completion {shell}` prints"


# --- examples -------------------------------------------------------------------------------------

class Mistake(Exception):
    pass


def skip_options(words, options):
    """Takes the options, and their values, off the front of `words`."""
    takes_value = {option[form]: bool(option["value"])
                   for option in options for form in ("long", "short") if option[form]}
    while words and words[0].startswith("-") and words[0] not in ("-", "--"):
        word = words.pop(0)
        name, has_value, _ = word.partition("=")
        names = [name] if name.startswith("--") else [f"-{letter}" for letter in name[1:]]
        for at, name in enumerate(names, 1):
            if name not in takes_value:
                raise Mistake(f"there is no option {name}")
            if takes_value[name]:
                if at == len(names) and not has_value:
                    del words[:1]
                break  # what follows in the same word is the value


def check_words(words, declared):
    """Raises a Mistake where sbx would not know a command or an option among `words`."""
    skip_options(words, declared["global_options"])
    if not words or words[0].isupper():  # `sbx COMMAND --help`
        return
    names = {tuple(name.split()): command for command in declared["commands"]
             for name in (command["name"], *command["aliases"])}
    known = [name for name in names if tuple(words[:len(name)]) == name]
    if not known:
        raise Mistake(f"there is no command '{words[0]}'")
    name = max(known, key=len)
    command, words = names[name], words[len(name):]
    ends_options = any(operand["verbatim"] for operand in command["operands"])
    while words and words[0] != "--":
        skip_options(words, command["options"])
        if ends_options:
            return
        del words[:1]


def commands_in(line):
    """The words of every sbx command in a line of a shell, without "sbx" itself."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.commenters = "#"
    words = []
    for word in [*lexer, ";"]:
        if word[0] not in lexer.punctuation_chars:
            words.append(word)
            continue
        if words and words[0] == "sbx":
            yield words[1:]
        words = []


def examples_in(text):
    """(line number, command line) of what is behind a `$ ` in a ``` block, and of `sbx ...`.

    What is shown with its error is meant to be wrong.
    """
    lines, fenced = text.splitlines(), False
    for number, line in enumerate(lines, 1):
        fenced ^= line.startswith("```")
        failed = "".join(lines[number:number + 1]).startswith("sbx: ")
        if fenced and line.startswith("$ ") and not failed:
            yield number, line[2:]
        elif not fenced:
            yield from ((number, code) for code in re.findall(r"`(sbx [^`]+)`", line))


def wrong_examples(declared, texts):
    examples = [(f"man/{page}.md:{number}", line)
                for page, text in texts.items() for number, line in examples_in(text)]
    if (readme := ROOT / "README.md").exists():
        examples += [(f"README.md:{number}", line)
                     for number, line in examples_in(readme.read_text())]
    examples += [(f"sbx {command['name']}", example["command"])
                 for command in declared["commands"] for example in command["examples"]]
    for place, line in examples:
        for words in commands_in(line):
            try:
                check_words(words, declared)
            except Mistake as mistake:
                yield f"{place}: `{line}`: {mistake}"


if not shutil.which("mandoc"):
    print("there is no mandoc")
    sys.exit(SKIPPED)
declared = json.loads(output_of("help", "--json"))
pages = {path.name.removesuffix(".md"): path.read_text()
         for path in sorted((ROOT / "man").glob("*.md"))}
problems = [*wrong_helps(declared), *wrong_pages(declared, pages), *wrong_roff(pages),
            *wrong_completions(), *wrong_examples(declared, pages)]
print("\n".join(problems) or "the manual says what the program does")
sys.exit(bool(problems))
