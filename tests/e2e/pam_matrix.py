#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What Debian's stacks, with the lines of our profile, make of each code of
the module: through the real libpam and pam_unix, compared with the table
tests/pam_matrix.txt.

usage: pam_matrix.py [--write] [PART OF A TEST'S NAME]...
--write makes the table anew, as pam_matrix.txt of the build directory: the
checkout that tests/enter shows is a copy."""
import itertools

from damage import kept
from extauth_test import *
from pam_host import CODES, ask, make_stack
from pam_matrix_causes import CAUSES, LOCAL_PASSWORD, add_people, server, use

TABLE = SOURCE + "/tests/pam_matrix.txt"
OURS = re.compile(r"pam_extauth\.so.*")
PROFILE = "/usr/share/pam-configs/extauth"
POSITIONS = ("before", "after", "without")
LINES = {"auth": ("initial", "not-initial"), "account": ("account",)}
OPTIONS = {"-": None, "ignore_unknown_user": "USER_UNKNOWN",
           "ignore_authinfo_unavail": "AUTHINFO_UNAVAIL"}
# What pam_debug gives in place of the module: all that the module could.
DEBUG = {"auth": ("success auth_err maxtries authinfo_unavail user_unknown"
                  " service_err system_err buf_err conv_err authtok_err"
                  " module_unknown incomplete ignore abort perm_denied"),
         "account": ("success user_unknown acct_expired perm_denied"
                     " service_err system_err buf_err authinfo_unavail"
                     " module_unknown new_authtok_reqd ignore abort")}
HEAD = """\
# What a stack of Debian with the lines of our profile makes of each code of
# pam_extauth.so, in pam_authenticate (auth) and pam_acct_mgmt (account).
# Made by tests/e2e/pam_matrix.py --write, which also says what must hold.
#
# position  our lines before those of pam_unix.so, after them, or without them
# line      auth: the profile's first form (initial) or that with use_first_pass
# options   those behind pam_extauth.so
# code      what our module gives to the person of the cause
# cause     why it gives it; - where pam_debug.so gives it in its place, to all
# by        module: the real one; stand-in: the real one with another worker;
#           debug: pam_debug.so under our control
# person    the result for the person of the cause; for debug a registered user
# local     the result for a local user with the right password, local-wrong
#           with a wrong one, root with the right one; expired: a local user
#           whom pam_unix refuses in the account step
# A - stands for what was not asked.
"""
WIDTHS = (8, 9, 12, 24, 17, 26, 9)
# Causes whose person is a local user.
IN_PASSWD = {cause.name for cause in CAUSES if cause.user in ("clash", "linked")}
IS_WRITTEN = "--write" in sys.argv
sys.argv[1:] = [word for word in sys.argv[1:] if word != "--write"]


@dataclass(frozen=True)
class Row:
    step: str
    position: str
    line: str
    options: str
    code: str
    cause: str
    by: str
    results: tuple  # ((who, result), ...)

    def text(self):
        words = (self.step, self.position, self.line, self.options, self.code,
                 self.cause, self.by)
        return ("".join(word.ljust(width)
                        for word, width in zip(words, WIDTHS))
                + " ".join(f"{who}={result}" for who, result in self.results))

    def admits(self, who):
        return dict(self.results)[who] == "SUCCESS"

    def stack(self):
        return self.step, self.position, self.line


# --- stacks ------------------------------------------------------------------

def lines_of(step):
    """The lines that pam-auth-update made."""
    with open("/etc/pam.d/common-" + step, encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file
                if line.strip() and not line.startswith("#")]


def update(*arguments):
    run("pam-auth-update", "--package", *arguments, check=True)


def made_stacks():
    """Debian's tool makes them, from our profile. It puts no account line of
    ours before that of pam_unix; an administrator may."""
    stacks = {(step, "after"): lines_of(step) for step in LINES}
    with kept(PROFILE):
        run("sed", "-i", "s/^Priority:.*/Priority: 512/", PROFILE, check=True)
        update("--enable", "extauth")
        stacks["auth", "before"] = lines_of("auth")
    lines = stacks["account", "after"]
    ours = [line for line in lines if "pam_localuser" in line
            or "pam_extauth" in line]
    stacks["account", "before"] = ours + [line for line in lines
                                          if line not in ours]
    update("--disable", "unix")
    for step in LINES:
        stacks[step, "without"] = lines_of(step)
    return stacks


def with_line(lines, line, module):
    """Puts `module` in place of ours; behind the real one, what the form of
    the line has."""
    more = " use_first_pass" if line == "not-initial" else ""
    return [OURS.sub(module + (more if "extauth" in module else ""), text)
            for text in lines]


def stack_for(row_stack, module):
    """Makes the stack and returns its directory."""
    step, position, line = row_stack
    directory = "/run/matrix/" + re.sub(r"[^a-z_]", "-",
                                        "-".join((*row_stack, module)))
    make_stack(directory, *with_line(STACKS[step, position], line, module))
    return directory


def all_stacks(step):
    return itertools.product((step,), POSITIONS, LINES[step])


# --- rows --------------------------------------------------------------------

def results(directory, step, person, asks_as="root"):
    """Asks for the person, and for those who are no matter of ours."""
    name, password = person
    uid = int(run("id", "-u", asks_as, check=True).output)
    got = [("person", ask(directory, step, name, password, uid))]
    others = [("local", "local", LOCAL_PASSWORD)]
    if step == "auth":
        others.append(("local-wrong", "local", "wrong"))
    else:
        others.append(("expired", "expired", LOCAL_PASSWORD))
    others.append(("root", "root", LOCAL_PASSWORD))
    for who, user, secret in others:
        got.append((who, "-" if uid else ask(directory, step, user, secret)))
    return tuple(got)


def asked_for(cause, directory, step):
    uid = int(run("id", "-u", cause.asks_as, check=True).output)
    return ask(directory, step, cause.user, cause.password(), uid)


def module_for(options):
    return "pam_extauth.so" + ("" if options == "-" else " " + options)


def code_in(row_stack, cause):
    """The code of the module itself, which there is asked with or without a
    password that pam_unix took."""
    step, position, line = row_stack
    first = ["auth optional pam_unix.so nullok"] if (
        (step, position) == ("auth", "after")) else []
    make_stack("/run/matrix/alone", *first, *with_line(
        [f"{step} required pam_extauth.so"], line, "pam_extauth.so"))
    return asked_for(cause, "/run/matrix/alone", step)


def is_ignored(cause, step, options):
    """Tells whether the module gives IGNORE, which no stack returns."""
    make_stack("/run/matrix/ignored",
               f"{step} [ignore=1 default=ignore] {module_for(options)}",
               step + " requisite pam_deny.so",
               step + " required pam_permit.so")
    return asked_for(cause, "/run/matrix/ignored", step) == "SUCCESS"


def codes_of(cause, step, expected):
    """The code in each stack; where the module has a password to look at, it
    is the expected one."""
    codes, known = {}, {}
    for stack in all_stacks(step):
        _, position, line = stack
        place = (position == "after", line)
        if place not in known:
            known[place] = code_in(stack, cause)
        codes[stack] = known[place]
        if expected != "by form" and place != (False, "not-initial"):
            equal(codes[stack], expected, f"{stack} {cause.name}")
    return codes


def rows_of_cause(cause, step, expected):
    codes = codes_of(cause, step, expected)
    for options, ignored in OPTIONS.items():
        if ignored is not None:
            equal(is_ignored(cause, step, options), ignored == expected,
                  f"{step} {cause.name} {options}")
        for stack, code in codes.items():
            if ignored in (None, code):
                yield Row(*stack, options, "IGNORE" if ignored else code,
                          cause.name, cause.by, results(
                              stack_for(stack, module_for(options)), step,
                              (cause.user, cause.password()), cause.asks_as))


def is_logged(cause):
    """What the log says only to those who debug, or nobody says."""
    return cause.name not in ("not_ours", "module-gone")


def rows_of_causes():
    for cause in CAUSES:
        mark = LogMark()
        with cause.enter():
            for step, code in (("auth", cause.auth),
                               ("account", cause.account)):
                if code is not None:
                    yield from rows_of_cause(cause, step, code)
        if is_logged(cause):
            mark.wait(f"result={cause.name.split(':')[0]} ")


def rows_of_debug():
    for step in LINES:
        for word in DEBUG[step].split():
            for stack in all_stacks(step):
                module = f"pam_debug.so auth={word} acct={word}"
                yield Row(*stack, "-", word.upper(), "-", "debug", results(
                    stack_for(stack, module), step, ("alice", "wrong")))


# --- tests -------------------------------------------------------------------

add_people()
use()
STACKS = made_stacks()
ROWS = []


@test
def every_cause_gives_its_code():
    ROWS.extend(rows_of_causes())
    ROWS.extend(rows_of_debug())


@test
def table_is_the_one_that_is_checked_in():
    text = HEAD + "\n" + "".join(sorted(row.text() + "\n" for row in ROWS))
    if IS_WRITTEN:
        write(BUILD + "/pam_matrix.txt", text)
        return
    with open(TABLE, encoding="utf-8") as file:
        known = file.read().splitlines()
    equal([line for line in text.splitlines() if line not in known], [], "new")
    equal([line for line in known if line not in text.splitlines()], [],
          "gone")


def none(rows, what):
    """Fails if there is such a row."""
    equal([row.text() for row in rows], [], what)


@test
def only_our_success_or_that_of_pam_unix_admits_in_authentication():
    rows = [row for row in ROWS if row.step == "auth"]
    none([row for row in rows if row.code != "SUCCESS"
          and (row.admits("person") or row.admits("local-wrong"))],
         "admitted without a success")
    none([row for row in rows if row.by != "debug"
          and row.admits("local-wrong")], "local user with a wrong password")
    none([row for row in rows if row.code == "SUCCESS"
          and not row.admits("person")], "refused for all our success")


@test
def local_users_and_root_depend_on_nothing_of_ours():
    rows = [row for row in ROWS if row.position != "without"
            or row.step == "account"]
    # INCOMPLETE is the wish of an application that asks by itself, once more.
    none([row for row in rows if row.code != "INCOMPLETE"
          and "-" not in dict(row.results).values()
          and not (row.admits("local") and row.admits("root"))], "locked out")
    none([row for row in ROWS if row.step == "account"
          and row.position != "without" and dict(row.results)["expired"]
          == "SUCCESS"], "pam_unix was overruled")


@test
def our_denial_in_the_account_step_is_final_in_every_position():
    """For all but those whom /etc/passwd has: of them it is not asked."""
    none([row for row in ROWS if row.step == "account" and row.admits("person")
          and row.code not in ("SUCCESS", "USER_UNKNOWN")
          and row.cause not in IN_PASSWD], "admitted")


@test
def without_pam_unix_nothing_but_our_success_admits():
    none([row for row in ROWS if (row.step, row.position) ==
          ("auth", "without") and row.code != "SUCCESS"
          and "SUCCESS" in dict(row.results).values()], "admitted")


@test
def options_that_ignore_admit_nobody_whom_their_absence_refuses():
    plain = {(row.stack(), row.cause): row for row in ROWS
             if row.options == "-"}
    rows = [row for row in ROWS if row.options != "-"]
    assert rows
    none([row for row in rows if row.admits("person")
          and not plain[row.stack(), row.cause].admits("person")], "admitted")


@test
def pam_debug_and_the_module_come_to_the_same():
    """Where both can give a code, the stack makes the same of it; for somebody
    whom pam_unix can know."""
    debug = {(row.stack(), row.code): row for row in ROWS
             if row.by == "debug"}
    rows = [row for row in ROWS if row.by != "debug"
            and (row.stack(), row.code) in debug
            and row.cause not in {"unknown", *IN_PASSWD}]
    assert {row.code for row in rows} >= {"SUCCESS", "AUTH_ERR", "MAXTRIES"}
    none([row for row in rows if row.admits("person")
          != debug[row.stack(), row.code].admits("person")], "differ")


@test
def table_has_every_code_in_every_stack():
    for step in LINES:
        codes = {row.code for row in ROWS if row.step == step}
        assert codes <= set(CODES), codes
        for stack in all_stacks(step):
            equal({row.code for row in ROWS if row.stack() == stack}, codes,
                  stack)


run_tests()
