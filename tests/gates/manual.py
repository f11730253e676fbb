#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The manual says what there is, and nothing else: keys, options, placeholders,
commands, exit codes, log lines and metrics are compared with the code, both
ways; every page renders without a warning; the completions are as --help says.

usage: manual.py BUILD-DIRECTORY
"""
import glob
import os
import re
import subprocess
import sys

from gate import SOURCE, check, files, finish, read

PROGRAM = sys.argv[1] + "/extauthctl/extauthctl"
ANY_COMMAND = {"config", "json", "help"}
# Pages of others that ours name.
FOREIGN = {"agetty(8)", "apt(8)", "dlopen(3)", "getent(1)", "journalctl(1)",
           "login(1)", "mkhomedir_helper(8)", "nsswitch.conf(5)", "pam(7)",
           "pam.conf(5)", "pam.d(5)", "pam_mkhomedir(8)", "pam_syslog(3)",
           "pam-auth-update(8)", "passwd(1)", "sshd_config(5)", "sudoers(5)",
           "systemd.timer(5)", "sshd(8)", "su(1)", "sudo(8)", "nscd(8)"}


def page(name):
    """Returns the source of a page without its blocks of literal text and
    without the marks that keep a character from being one of scdoc's."""
    text = re.sub(r"^```\n.*?^```$", "", read(f"man/{name}.scd"),
                  flags=re.S | re.M)
    return re.sub(r"\\(.)", r"\1", text)


def section(text, title):
    """Returns what stands below the headline."""
    parts = re.split(r"^# (.+)$", text, flags=re.M)
    titles = dict(zip(parts[1::2], parts[2::2]))
    return titles.get(title, "")


def entries(text):
    """Returns the lines that begin an entry."""
    return [line for line in text.split("\n") if line.startswith("*")]


def differences(real, told, what):
    """Yields what is in one of the two collections alone."""
    for name in sorted(set(real) - set(told)):
        yield f"{what} {name} is not in the manual"
    for name in sorted(set(told) - set(real)):
        yield f"{what} {name} is in the manual, but does not exist"


def strings(path, pattern):
    """Returns all that a pattern finds in a file of the checkout."""
    return re.findall(pattern, read(path), re.S)


# --- extauth.conf(5) ---------------------------------------------------------

def keys_of_file():
    """Returns {(kind of section, key): default} of etc/extauth.conf, of which a
    unit test says that it is the table of the code."""
    keys = {}
    kind = ""
    for line in read("etc/extauth.conf").split("\n"):
        headline = re.match(r"#?\[(\w+)", line)
        value = re.match(r"#(\w+) =(?: (.*))?$", line)
        if headline:
            kind = headline[1]
        elif value:
            keys[kind, value[1]] = value[2] or ""
    return keys


def keys_of_manual():
    """Returns the same of the manual; None is a default that is told for
    another section."""
    text = re.sub(r"\+\+\n", "\n", page("extauth.conf.5"))
    parts = re.split(r"^# \[(\w+).*\]$", text, flags=re.M)
    keys = {}
    for kind, body in zip(parts[1::2], parts[2::2]):
        body = body.split("\n# ")[0]
        for line in entries(body):
            names, is_key, default = line.partition("* =")
            default = re.sub(r" ?\([^()]*\)$", "", default).strip()
            for name in re.findall(r"\w+", names if is_key else ""):
                keys[kind, name] = default
        for listed in re.findall(r"^The keys (.*?) are as in", body,
                                 re.S | re.M):
            for name in re.findall(r"\*(\w+)\*", listed):
                keys[kind, name] = None
    return keys


def compare_keys():
    real, told = keys_of_file(), keys_of_manual()
    names = [" ".join(key) for key in told]
    yield from differences([" ".join(key) for key in real], names, "the key")
    for key, default in told.items():
        if default not in (None, real.get(key, default)):
            yield (f"{' '.join(key)}: the default is {real[key]!r}, and the "
                   f"manual says {default!r}")


def compare_placeholders():
    real = strings("common/template_placeholder.c",
                   r'\[PLACEHOLDER_\w+\] = "(\w+)"')
    told = [name for line in section(page("extauth.conf.5"),
                                     "PLACEHOLDERS").split("\n")
            if line.startswith("{{") for name in re.findall(r"{{(\w+)", line)]
    yield from differences(real, told, "the placeholder")


# --- pam_extauth(8) ----------------------------------------------------------

def compare_module_options():
    real = strings("common/module_option.c", r'\{"(\w+=?)", MODULE_OPTION')
    told = [re.match(r"\*(.+?)\*", line)[1]
            for line in entries(section(page("pam_extauth.8"), "OPTIONS"))]
    yield from differences(real, told, "the option")


def results_of_code():
    """Returns every word that stands behind result=."""
    names = strings("pam_extauth/pam_result.c",
                    r"\npam_result_name\((.*?)\n}\n")[0]
    words = set(re.findall(r'return "(\w+)"', names))
    words |= set(strings("common/verdict.c", r'0x\w+, "(\w+)"}'))
    words |= set(strings("common/policy.c", r'return "(\w+)"'))
    for path in files(["pam_extauth"], "*.c"):
        words |= set(strings(path, r'\.result = "(\w+)"'))
        for call in strings(path, r"log_request\((.*?)\);"):
            words |= set(re.findall(r'"(\w+)"', call))
    return words


def keys_of_log():
    """Returns every key of a log line."""
    source = read("pam_extauth/pam_log.c")
    return (set(re.findall(r'\badd(?:_\w+)?\(line, "(\w+)"', source))
            | set(re.findall(r"\b(\w+)=%", source)) - {"s"})


def told_in(part):
    """Returns the words that begin entries of a part of LOG."""
    log = section(page("pam_extauth.8"), "LOG")
    text = re.split(rf"^## {part}$", log, flags=re.M)[-1].split("\n## ")[0]
    return [word for line in entries(text)
            for word in re.findall(r"\*(\w+)\*", line)]


def compare_log():
    yield from differences(keys_of_log(), told_in("Keys"), "the log key")
    yield from differences(results_of_code(), told_in("Results"), "result")


def compare_remedies():
    """Every word that is bad news has an entry with what to do."""
    fine = {"accepted", "allowed", "not_ours", "reset_mail_sent"}
    text = section(page("extauth-troubleshooting.7"),
                   "A LOGIN IS REFUSED").split("## What to do now")[-1]
    told = {word for line in entries(text)
            for word in re.findall(r"\*(\w+)\*", line)}
    yield from differences(results_of_code() - fine, told, "the remedy of")


def compare_return_values():
    real = {code for path in ("pam_result.c", "pam_args.c")
            for code in strings("pam_extauth/" + path,
                                r"return (PAM_[A-Z_]+);|\? (PAM_[A-Z_]+)\n")
            for code in code if code}
    text = section(page("pam_extauth.8"), "RETURN VALUES")
    told = re.findall(r"PAM_[A-Z_]+", " ".join(
        line for line in text.split("\n") if line.startswith("PAM_")))
    yield from differences(real, told, "the code")


# --- extauthctl(8) -----------------------------------------------------------

def ctl_help(*command):
    """Returns what --help says."""
    return subprocess.run([PROGRAM, *command, "--help"], check=True,
                          stdout=subprocess.PIPE, text=True,
                          env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}).stdout


def commands_of_program():
    """Returns {command: (operands, {option: value or ""})}."""
    commands = {}
    for line in ctl_help().split("\n"):
        found = re.match(r"  ([a-z-]+(?: [a-z-]+)?)(?: ([A-Z[][^ ]*"
                         r"(?: \.\.\.\]?)?))? +[A-Z]", line)
        if found:
            options = re.findall(
                r"^  --([a-z-]+)(?: ([A-Z][A-Z-]*|[a-z|]*\|[a-z]*))? ",
                ctl_help(*found[1].split()), re.M)
            usage = re.search(rf"extauthctl {found[1]} ?(.*) \[OPTION\]",
                              ctl_help(*found[1].split()))
            commands[found[1]] = (usage[1].strip(), {
                name: value for name, value in options
                if name not in ANY_COMMAND})
    return commands


def read_entry(line, commands):
    """Adds the commands that one entry of the manual tells of."""
    command = ""
    pattern = r"\*([^*]+)\*((?: [a-z]+\|[a-z]+)|(?: \[?_[^_ ]+_))?"
    for words, value in re.findall(pattern, line):
        value = value.strip(" [_")
        names = re.findall(r"--([a-z-]+)", words)
        if not words.startswith("--"):
            command = words.split(" --")[0]
            commands.setdefault(command, ({value} - {""}, {}))
            if not names:
                commands[command][0].add(value)
        for name in names:
            commands[command][1][name] = value


def commands_of_manual():
    """Returns {command: ({first operand}, {option: value or ""})}."""
    text = page("extauthctl.8")
    text = text.split("\n# DESCRIPTION\n")[1].split("\n# EXIT STATUS\n")[0]
    commands = {}
    for line in entries(text):
        if not line.startswith("*--"):
            read_entry(line, commands)
    return commands


def compare_commands():
    real, told = commands_of_program(), commands_of_manual()
    if len(real) < 20:
        yield f"--help shows no more than {len(real)} commands"
    yield from differences(real, told, "the command")
    for name in sorted(set(real) & set(told)):
        operands, options = real[name]
        yield from differences(
            [f"{name} --{option} {value}".strip()
             for option, value in options.items()],
            [f"{name} --{option} {value}".strip()
             for option, value in told[name][1].items()
             if option not in ANY_COMMAND], "the option")
        first = re.sub(r"[][.]", "", operands).split()[:1] or [""]
        if first[0] not in told[name][0] | {""}:
            yield f"{name}: the operand is {operands}"
        if not first[0] and told[name][0] - {""}:
            yield f"{name} has no operand"


def compare_global_options():
    real = strings("extauthctl/main.c",
                   r'\{"([a-z-]+)", (?:no|required)_argument')
    text = page("extauthctl.8")
    told = re.findall(r"\*--([a-z-]+)\*", section(text, "SYNOPSIS")
                      + section(text, "DESCRIPTION"))
    yield from differences(real, told, "the option")


def compare_exit_codes():
    real = strings("extauthctl/message.h", r"CTL_\w+ = (\d+)")
    told = re.findall(r"^(?:\[\[|\|) +\*(\d+)\*",
                      section(page("extauthctl.8"), "EXIT STATUS"), re.M)
    yield from differences(real, told, "the exit code")
    for code in re.findall(r"\b\d+ ", ctl_help().split("Exit status:")[1]):
        if code.strip() not in real:
            yield f"--help names the exit code {code}"


def compare_metrics():
    real = {name for path in files(["extauthctl"], "*metric*.c")
            for name in strings(path, r'"(extauth_\w+)')}
    told = re.findall(r"\*(extauth_\w+)\*", page("extauthctl.8"))
    if "metrics" in commands_of_program() and not real:
        yield "no metric is found in extauthctl/*metric*.c"
    yield from differences(real, told, "the metric")


def completions():
    """Yields which file of completions is not as the generator makes it."""
    result = subprocess.run(
        [sys.executable, SOURCE + "/completions/generate.py", PROGRAM,
         "--check"], check=False, stdout=subprocess.PIPE, text=True)
    yield from result.stdout.splitlines()


# --- the pages themselves ----------------------------------------------------

def names_of_pages():
    """Returns {"name(section)": "name.section"}."""
    names = [os.path.basename(path)[:-4]
             for path in glob.glob(SOURCE + "/man/*.scd")]
    return {f"{name[:-2]}({name[-1]})": name for name in names}


def render(name):
    """Yields what scdoc and groff have to say about a page."""
    with open(f"{SOURCE}/man/{name}.scd", "rb") as source:
        made = subprocess.run(["scdoc"], stdin=source, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if made.returncode != 0:
        yield f"{name}: {made.stderr.decode()}"
        return
    shown = subprocess.run(
        ["groff", "-man", "-Tutf8", "-K", "utf8", "-ww", "-z", "-t",
         "-rLL=78n"],
        input=made.stdout, check=False, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)
    for line in shown.stderr.decode().splitlines():
        yield f"{name}: {line}"


def unresolved(names):
    """Yields references to pages that there are not."""
    for reference, name in sorted(names.items()):
        text = page(name)
        for found in sorted(set(re.findall(r"\*([\w.-]+)\*(\(\d\))", text))):
            if "".join(found) not in set(names) | FOREIGN:
                yield f"{name}: *{found[0]}*{found[1]} is no page known here"
        also = re.findall(r"\*([\w.-]+)\*(\(\d\))", section(text, "SEE ALSO"))
        if reference in {"".join(one) for one in also}:
            yield f"{name}: SEE ALSO names the page itself"
        if not also:
            yield f"{name} has no SEE ALSO"


def missing_parts(names):
    """Yields pages that are not installed, or that no other page leads to."""
    listed = re.findall(r"'([\w.-]+\.\d)'", read("man/meson.build"))
    for name in set(names.values()) ^ set(listed):
        yield f"{name} is not both in man/ and in man/meson.build"
    for reference, name in names.items():
        bold = "*" + reference.replace("(", "*(")
        if not any(bold in section(page(other), "SEE ALSO")
                   for other in names.values() if other != name):
            yield f"{name} is in the SEE ALSO of no other page"


check("every configuration key and its default are in the manual",
      compare_keys())
check("every placeholder is in the manual", compare_placeholders())
check("every option of the module is in the manual", compare_module_options())
check("every key and result of the log is in the manual", compare_log())
check("every result of the log has its remedy in the manual",
      compare_remedies())
check("every code that the module returns is in the manual",
      compare_return_values())
check("every command and its options are in the manual", compare_commands())
check("every option before a command is in the manual",
      compare_global_options())
check("every exit code is in the manual", compare_exit_codes())
check("every metric is in the manual", compare_metrics())
check("the completions are as --help says", completions())
all_pages = names_of_pages()
for name_of_page in sorted(all_pages.values()):
    check(f"{name_of_page} renders without a warning", render(name_of_page))
check("every page that is named exists", unresolved(all_pages))
check("every page is installed, and found from another",
      missing_parts(all_pages))
finish()
