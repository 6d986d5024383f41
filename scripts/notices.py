#!/usr/bin/env python3
"""Writes assets/notices.txt: the licences of everything that a release build of Timbrespace contains.

    scripts/notices.py            writes the file
    scripts/notices.py --check    fails where the file is not what it would write

Every package of the normal dependency graph on Linux, macOS and Windows is named with version, licence, authors and the copyright
lines of its files; each text of a licence follows once. `cargo metadata` gives the packages, their own folders the texts.
A script of our own, because cargo-about and cargo-bundle-licenses choose one text for each licence and do not look into folders, where
C sources and fonts keep theirs; it needs Python 3.8 or newer and nothing else. tests/notices.rs holds the file against Cargo.lock.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOTICES = ROOT / "assets" / "notices.txt"
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin", "x86_64-apple-darwin", "x86_64-pc-windows-msvc"]
# Lines are cut here, so that the program can draw them as rows of one height.
COLUMNS = 100
IS_LICENCE = re.compile(r"^(licen[cs]e|copying|unlicen[cs]e|notice|copyright|ofl|ufl|patents)([-_. ].*)?$", re.IGNORECASE)
NOT_TEXT = {".rs", ".py", ".json", ".toml", ".html", ".spdx", ".h", ".c", ".yml"}
NOT_SHIPPED = {"tests", "test", "examples", "benches", "target", ".git", "fuzz"}
IS_COPYRIGHT = re.compile(r"^[\s/*#>-]*(?:portions )?(?:copyright|©|\(c\))\s.*(?:\d{4}|\(c\)|©|authors|contributors|developers).*$", re.IGNORECASE)
# Forms to fill in, the licences' own authors, and sentences that begin with the word.
NOT_COPYRIGHT = re.compile(r"\[yyyy\]|\{yyyy\}|<year>|free software foundation|copyright (?:notice|holder|owner|law|license|and|in|or|statement|interest)s?\b", re.IGNORECASE)


def metadata(target):
    """What cargo says of all packages when it builds for `target`."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def normal_packages():
    """Packages from a registry that are reached by normal dependencies alone, by name and version."""
    found = {}
    for target in TARGETS:
        graph = metadata(target)
        packages = {package["id"]: package for package in graph["packages"]}
        nodes = {node["id"]: node for node in graph["resolve"]["nodes"]}
        open_ids, seen = list(graph["workspace_members"]), set()
        while open_ids:
            package_id = open_ids.pop()
            if package_id in seen:
                continue
            seen.add(package_id)
            for dependency in nodes[package_id]["deps"]:
                if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                    open_ids.append(dependency["pkg"])
        for package_id in seen:
            package = packages[package_id]
            if package["source"]:
                found[(package["name"], package["version"])] = package
    return [found[key] for key in sorted(found)]


def licence_files(package):
    """The files with licence texts in a package's folder, shallow ones first."""
    folder = pathlib.Path(package["manifest_path"]).parent
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name.lower() not in NOT_SHIPPED)
        in_licences = pathlib.Path(place).name.lower() in {"licenses", "licences", "license"}
        for name in sorted(files):
            path = pathlib.Path(place) / name
            if path.suffix.lower() in NOT_TEXT:
                continue
            if IS_LICENCE.match(name) or in_licences or name.upper().startswith("LICENSE"):
                found.append(path)
    if package["license_file"] and (folder / package["license_file"]).resolve() not in {path.resolve() for path in found}:
        found.append(folder / package["license_file"])
    return sorted(found, key=lambda path: (len(path.parts), str(path)))


def tidy(text):
    """A text in lines of at most COLUMNS, without the copyright lines, which are returned beside it."""
    lines, copyrights = [], []
    for line in text.replace("\r", "").replace("\f", "").expandtabs(4).split("\n"):
        line = line.rstrip()
        if IS_COPYRIGHT.match(line) and not NOT_COPYRIGHT.search(line):
            said = re.sub(r"\s+", " ", line.lstrip(" \t/*#>-").rstrip(" \t*/"))
            if said not in copyrights:
                copyrights.append(said)
        elif len(line) > COLUMNS:
            lines += textwrap.wrap(line, COLUMNS, break_long_words=True, break_on_hyphens=False)
        else:
            lines.append(line)
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return body, copyrights


def gist(body):
    """What two copies of one text have in common: its words in lower case."""
    words = " ".join(re.findall(r"[a-z0-9]+", body.lower()))
    words = re.sub(r"^(the )?(mit|zlib|isc|bsd 2 clause|bsd 3 clause) license( mit)? ", "", words)
    words = re.sub(r"^all rights reserved ", "", words)
    words = re.sub(r"\bhttps? ", "", words)
    # Copies of the Apache licence differ in links, in the letters of a list, and in the form after its end that explains its use.
    if words.startswith("apache license version 2 0 january 2004") and words.count("end of terms and conditions") == 1:
        words = words.split("end of terms and conditions")[0].replace("licenses license 2 0", "licenses")
        words = re.sub(r"\b[a-d] ", "", words)
    return words


def is_declined(package, body):
    """Whether a text is the GPL of a package that also offers another licence: this program takes the other."""
    return " OR " in (package["license"] or "") and gist(body).startswith("gnu general public license")


def collect(packages):
    """Each package with its copyright lines and the numbers of its texts; and all texts."""
    texts, numbers, entries = [], {}, []
    for package in packages:
        said, used = [], []
        for path in licence_files(package):
            body, copyrights = tidy(path.read_text(encoding="utf-8", errors="replace"))
            if is_declined(package, body):
                continue
            said += [line for line in copyrights if line not in said]
            if not body:
                continue
            key = gist(body)
            if key not in numbers:
                texts.append(body)
                numbers[key] = len(texts)
            if numbers[key] not in used:
                used.append(numbers[key])
        entries.append((package, said, used))
    return entries, texts


STANDARD = {
    # A distinctive run of words in the standard text of each licence.
    "MIT": "permission is hereby granted free of charge to any person obtaining a copy of this software and associated documentation files the software to deal in the software without restriction",
    "Apache-2.0": "apache license version 2 0 january 2004",
    "MPL-2.0": "mozilla public license version 2 0",
    "BSD-3-Clause": "neither the name of",
    "BSD-2-Clause": "redistributions in binary form must reproduce the above copyright notice",
    "Zlib": "this software is provided as is without any express or implied warranty in no event will the authors be held liable",
    "BSL-1.0": "boost software license version 1 0",
    "ISC": "permission to use copy modify and or distribute this software for any purpose with or without fee is hereby granted",
    "Unicode-3.0": "unicode license v3",
}


def standard_text(licence, texts, uses):
    """Numbers of the most used texts of the licences that a package without a text of its own names."""
    numbers = []
    for name, words in STANDARD.items():
        if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", licence):
            fitting = [number for number, text in enumerate(texts, 1) if words in gist(text)]
            if fitting:
                numbers.append(max(fitting, key=lambda number: uses[number]))
    return numbers


def main():
    packages = normal_packages()
    entries, texts = collect(packages)
    uses = collections.Counter(number for _, _, used in entries for number in used)
    out = [
        "Timbrespace: notices of the packages that it is built from",
        "",
        "Timbrespace itself is under the MIT licence or the Apache License 2.0, as you like.",
        f"Written by scripts/notices.py: {len(entries)} packages for Linux, macOS and Windows, {len(texts)} texts.",
        "A package's copyright lines stand with it, and its numbers name the texts below that belong to it.",
        "",
        "",
        "PACKAGES",
    ]
    for package, said, used in entries:
        licence = re.sub(r"\s*/\s*", " OR ", package["license"] or "see its text")
        out += ["", f"{package['name']} {package['version']}", f"  {licence}"]
        authors = ", ".join(re.sub(r"\s*<[^>]*>", "", author) for author in package["authors"])
        own = bool(used)
        if not own:
            used = standard_text(licence, texts, uses)
        if not said and authors:
            said = [f"by {authors}"]
        if not said and package["repository"]:
            said = [f"see {package['repository']}"]
        for line in said:
            out += textwrap.wrap(line, COLUMNS - 2, initial_indent="  ", subsequent_indent="    ", break_long_words=True)
        numbers = ", ".join(str(number) for number in used)
        if not numbers:
            sys.exit(f"no text for {package['name']} {package['version']} ({licence})")
        out.append(f"  {'text' if len(used) == 1 else 'texts'} {numbers}" + ("" if own else " (its archive has none of its own)"))
    out += ["", "", "TEXTS"]
    for number, text in enumerate(texts, 1):
        out += ["", "", f"--- text {number} ---", "", text]
    written = "\n".join(out) + "\n"
    if "--check" in sys.argv[1:]:
        if not NOTICES.is_file() or NOTICES.read_text(encoding="utf-8") != written:
            sys.exit("assets/notices.txt is not up to date: run scripts/notices.py")
        return
    NOTICES.write_text(written, encoding="utf-8")
    print(f"{NOTICES.relative_to(ROOT)}: {len(entries)} packages, {len(texts)} texts, {len(written):,} characters", file=sys.stderr)


if __name__ == "__main__":
    main()
