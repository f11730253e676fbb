#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the tables of commands and options in the completions of bash, zsh and
fish as `extauthctl --help` has them. The files are checked in, since a program
that was built for another machine cannot be asked; a gate compares them.

usage: completions/generate.py EXTAUTHCTL [--check]
  --check   write nothing; say which file is not as it should be
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
BEGIN, END = "# Generated from here on.\n", "# Generated up to here.\n"
# What can be said about a value, by the option; of an operand by the command.
# Names of functions in each file, or the values themselves.
VALUES = {
    "--as": "users", "--config": "files", "--format": "csv json",
    "--home": "directories", "--provider": "providers", "--service": "services",
    "--shell": "shells", "--output": "files", "--worker": "files",
    "--type": "rest basic oauth2 okta entra pingone pingfederate aptify",
    "--ca-file": "files",
}
OPERANDS = {"user show": "users", "user enable": "users",
            "user disable": "users", "user unlock": "users",
            "user remove": "users", "test-login": "users",
            "forgot-password": "users", "secret remove": "secrets",
            "secret set": "secrets", "sync": "sources"}
# What every command takes.
ANY = ("--config", "--json", "--help")
FUNCTIONS = {"users", "files", "directories", "providers", "services",
             "shells", "secrets", "sources"}
OPTION = re.compile(
    r"^  (--[a-z-]+)(?: ([A-Z][A-Z-]*|[a-z|]*\|[a-z]*))? +(\S.*)$", re.M)


class Command:
    """One command: its words, operand's kind, summary and options."""

    def __init__(self, program, words, summary):
        self.words = words
        self.summary = summary
        text = ask(program, *words.split())
        usage = re.search(rf"extauthctl {words} ?(.*) \[OPTION\]", text)[1]
        self.operand = OPERANDS.get(words, "files" if "FILE" in usage else "")
        self.takes_operand = usage != ""
        self.options = []
        for name, value, told in OPTION.findall(text):
            kind = VALUES.get(name, "") if value else None
            if value == "FILE" or value == "PATH" and not kind:
                kind = kind or "files"
            self.options.append((name, kind, told))


def ask(program, *words):
    """Returns what --help says."""
    return subprocess.run([program, *words, "--help"], check=True, text=True,
                          stdout=subprocess.PIPE,
                          env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}).stdout


def all_commands(program):
    """Returns the commands in the order of --help."""
    return [Command(program, words, summary) for words, summary in re.findall(
        r"^  ([a-z-]+(?: [a-z-]+)?)(?: [A-Z[].*?)? +([A-Z][a-z].*)$",
        ask(program), re.M)]


def first_words(commands):
    """Returns {first word: summary}; of several commands their second words."""
    words = {}
    for command in commands:
        first, _, second = command.words.partition(" ")
        if second and first in words:
            words[first] += ", " + second
        else:
            words[first] = second or command.summary
    return words


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


# --- bash --------------------------------------------------------------------

def bash_table(commands):
    """One line for each command: words|kind of the operand|options."""
    lines = []
    for command in commands:
        options = " ".join(
            name if kind is None else f"{name}={kind.replace(' ', ',')}"
            for name, kind, _ in command.options)
        lines.append(f"{command.words}|{command.operand}|{options}\n")
    return "_extauthctl_table='\n" + "".join(lines) + "'\n"


# --- zsh ---------------------------------------------------------------------

def zsh_action(kind):
    if not kind:
        return " "
    return f"_extauthctl_{kind}" if kind in FUNCTIONS else f"({kind})"


def zsh_option(name, kind, told):
    told = re.sub(r"([][\\:])", r"\\\1", told)
    if kind is None:
        return quoted(f"{name}[{told}]")
    repeats = "*" if "repeatable" in told else ""
    return quoted(f"{repeats}{name}=[{told}]:value:{zsh_action(kind)}")


def zsh_words(name, pairs):
    told = "".join("\t" + quoted(f"{word}:{text}") + "\n"
                   for word, text in pairs)
    return f"{name}=(\n{told})\n"


def zsh_table(commands):
    """Arrays of words, and the arguments of each command."""
    text = zsh_words("_extauthctl_first", first_words(commands).items())
    for first in first_words(commands):
        pairs = [(c.words.split()[1], c.summary) for c in commands
                 if c.words.startswith(first + " ")]
        if pairs:
            text += zsh_words(f"_extauthctl_second_{first}", pairs)
    text += "_extauthctl_any=(\n" + "".join(
        f"\t{zsh_option(*option)}\n" for option in commands[0].options
        if option[0] in ANY) + ")\n"
    for command in commands:
        specs = ['"$_extauthctl_any[@]"']
        specs += [zsh_option(*option) for option in command.options
                  if option[0] not in ANY]
        if command.takes_operand:
            specs.append(quoted(f"*:operand:{zsh_action(command.operand)}"))
        body = "".join(f" \\\n\t\t{spec}" for spec in specs)
        name = command.words.replace(" ", "_")
        text += f"_extauthctl_of_{name}() {{\n\t_arguments{body}\n}}\n"
    return text


# --- fish --------------------------------------------------------------------

def fish_values(kind):
    if not kind:
        return " -x"
    if kind == "files":
        return " -r -F"
    given = f"(__extauthctl_{kind})" if kind in FUNCTIONS else kind
    return f" -x -a {quoted(given)}"


def fish_table(commands):
    """One call of complete for each word and option."""
    lines = []

    def add(condition, rest):
        lines.append(f"complete -c extauthctl -n {quoted(condition)}{rest}\n")

    for first, summary in first_words(commands).items():
        add("__extauthctl_at", f" -a {first} -d {quoted(summary)}")
    for command in commands:
        first, _, second = command.words.partition(" ")
        inside = f"__extauthctl_in {command.words}"
        if second:
            add(f"__extauthctl_at {first}",
                f" -a {second} -d {quoted(command.summary)}")
        if command.operand == "files":
            add(inside, " -F")
        elif command.operand:
            add(inside, f" -a '(__extauthctl_{command.operand})'")
        for name, kind, told in command.options:
            values = "" if kind is None else fish_values(kind)
            add(inside, f" -l {name[2:]}{values} -d {quoted(told)}")
    return "".join(lines)


# --- the files ---------------------------------------------------------------

def renew(name, table):
    """Returns the file as it is and as it should be."""
    with open(f"{HERE}/{name}", encoding="utf-8") as file:
        old = file.read()
    head, _, rest = old.partition(BEGIN)
    tail = rest.partition(END)[2]
    return old, head + BEGIN + table + END + tail


def main():
    commands = all_commands(sys.argv[1])
    wrong = False
    for name, table in (("extauthctl.bash", bash_table(commands)),
                        ("_extauthctl", zsh_table(commands)),
                        ("extauthctl.fish", fish_table(commands))):
        old, new = renew(name, table)
        if old == new:
            continue
        wrong = True
        print(f"completions/{name} is not as --help says: run "
              "completions/generate.py")
        if "--check" not in sys.argv:
            with open(f"{HERE}/{name}", "w", encoding="utf-8") as file:
                file.write(new)
    sys.exit(1 if wrong and "--check" in sys.argv else 0)


main()
