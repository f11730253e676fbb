#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every text that people read is marked, and each language has all of them.

Does not know: whether a translation is right.
"""
import re
import subprocess
import sys

import gate

EXTRACT = gate.SOURCE + "/po/extract"
# Of what is printed or composed, these go to programs, or are commands.
PRINTERS = r"printf|fprintf|puts|fputs|snprintf|asprintf"
PLAIN = {
    "extauthctl secret set %s": "a command",
    "extauthctl %s\\n": "name and version",
    "extauthctl: %s\\n": "the name of the program",
}
PLAIN_FILES = {
    # what is written, not shown
    "metrics_text.c", "metrics_gather.c", "metrics_online.c",
    "metrics_certificate.c", "setup_write.c", "setup_configuration.c",
    "id_map_file.c", "sync_state.c", "scrub.c", "scrub_log.c",
}


def entries(text):
    """Yields (flags, msgid, translations) of a catalogue or template."""
    text = re.sub(r'"\n"', "", text)
    form = re.compile(r'((?:^#.*\n)*)^msgid "(.*)"\n(?:msgid_plural ".*"\n)?'
                      r'((?:^msgstr(?:\[\d\])? ".*"\n?)+)', re.M)
    for match in form.finditer(text):
        if match[2]:
            yield match[1], match[2], re.findall(r'^msgstr\S* "(.*)"',
                                                 match[3], re.M)


def template():
    """Returns the msgids that the source has."""
    done = subprocess.run([sys.executable, EXTRACT], check=True,
                          capture_output=True, text=True)
    return {msgid for _, msgid, _ in entries(done.stdout)}


def languages():
    """Returns the words of LINGUAS."""
    return gate.read("po/LINGUAS").split()


def faults(language, wanted):
    """What is missing, unfinished or left over in one language."""
    path = f"po/{language}.po"
    text = gate.read(path)
    found = {}
    for flags, msgid, translations in entries(text):
        found[msgid] = translations
        if "fuzzy" in flags:
            yield f"{path}: fuzzy: {msgid}"
        if not all(translations):
            yield f"{path}: untranslated: {msgid}"
    yield from (f"{path}: missing: {msgid}" for msgid in wanted - set(found))
    yield from (f"{path}: not in the source: {msgid}"
                for msgid in set(found) - wanted)
    if "\n#~" in text:
        yield f"{path}: has obsolete texts"


def syntax(language):
    """What msgfmt finds wrong: conversions, plurals, line ends."""
    done = subprocess.run(["msgfmt", "--check", "-o", "/dev/null",
                           f"{gate.SOURCE}/po/{language}.po"],
                          capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines()


def unmarked():
    """Literals with words that are printed as they are."""
    call = re.compile(rf"\b(?:{PRINTERS})\(([^;]*?)\);", re.S)
    for path in gate.files(("extauthctl",), "*.c"):
        if path.rsplit("/", 1)[-1] in PLAIN_FILES:
            continue
        text = re.sub(r"/\*.*?\*/", "", gate.read(path), flags=re.S)
        for match in call.finditer(text):
            rest = re.sub(r'\b(?:_|N_|ngettext|translate_text)\((?:[^()]|'
                          r'\([^()]*\))*\)', "", match[1])
            for literal in re.findall(r'"((?:[^"\\]|\\.)*)"', rest):
                words = re.sub(r"%[-+ #0-9.*]*[a-z]+|\\.", " ", literal)
                if literal not in PLAIN and re.search(r"[a-z]+ [a-z]{2}",
                                                      words):
                    yield f"{path}: not marked: {literal}"


def main():
    """Runs the gate."""
    wanted = template()
    for language in languages():
        gate.check(f"{language} has every text, and no others",
                   sorted(faults(language, wanted)))
        gate.check(f"{language} keeps conversions and plural forms",
                   syntax(language))
    gate.check("every text that extauthctl prints is marked", unmarked())
    gate.finish()


if __name__ == "__main__":
    main()
