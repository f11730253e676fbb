#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the real bash, zsh and fish offer behind `extauthctl`: every command and
every option that --help names, no other, and names where there are any."""
from extauth_test import *

COMPLETIONS = {"bash": "bash-completion/completions/extauthctl",
               "zsh": "zsh/vendor-completions/_extauthctl",
               "fish": "fish/vendor_completions.d/extauthctl.fish"}
CONFIG = """[extauth]
default_provider = main

[provider main]
type = basic
url = https://id.example.com/auth

[provider second]
type = basic
url = https://id.example.org/auth

[source corp]
type = csv
file = /srv/people.csv
"""

configure(CONFIG)
for name in ("alice", "alan", "bob"):
    add_user(name)
extauthctl("secret", "set", "api-key", input="secret\n")
write("/srv/lists/people.csv", "")
os.chdir("/srv/lists")


# --- what --help says --------------------------------------------------------

def commands():
    """Returns {words of the command: [its options]}."""
    found = re.findall(r"^  ([a-z-]+(?: [a-z-]+)?)(?: [A-Z[].*?)? +[A-Z][a-z]",
                       extauthctl("--help").output, re.M)
    return {words: re.findall(r"^  (--[a-z-]+)", extauthctl(
        *words.split(), "--help").output, re.M) for words in found}


ALL = commands()


# --- the shells --------------------------------------------------------------

BASH = """. /usr/share/bash-completion/bash_completion
_completion_loader extauthctl
while IFS= read -r COMP_LINE; do
	read -ra COMP_WORDS <<<"$COMP_LINE"
	[[ $COMP_LINE != *' ' ]] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_POINT=${#COMP_LINE}
	COMP_TYPE=9 COMP_KEY=9 COMPREPLY=()
	_extauthctl
	printf '%s\\n' "${COMPREPLY[*]}"
done
"""
FISH = """while read -l line
    set -l found (complete -C "$line" | string replace -r '\\t.*' '')
    printf '%s\\n' "$found"
end
"""
ZSH = """autoload -U compinit; compinit -u -d /tmp/zcompdump
unsetopt automenu listambiguous; setopt nolistbeep nobeep
zstyle ':completion:*' insert-tab no
compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then
		builtin compadd "$@"; return
	fi
	local -a hits
	builtin compadd -A hits "$@"
	print -rl -- $hits >>/tmp/zsh-hits
	builtin compadd "$@"
}
take() { zle complete-word; BUFFER=; print >>/tmp/zsh-done }
zle -N take; bindkey '^T' take
PS1='READY> '
"""


def bash(lines, *prefix):
    done = run(*prefix, "bash", "--norc", "--noprofile", "-c", BASH,
               input="\n".join(lines) + "\n", check=True)
    equal(done.errors, "", "errors")
    return done.output.split("\n")[:-1]


def fish(lines, *prefix):
    done = run(*prefix, "fish", "--private", "--no-config", "-c",
               "source /usr/share/" + COMPLETIONS["fish"] + "\n" + FISH,
               input="\n".join(lines) + "\n", check=True)
    equal(done.errors, "", "errors")
    return done.output.split("\n")[:-1]


def zsh_answer(child, line):
    """Presses the key behind `line`; returns what was offered."""
    for path in ("/tmp/zsh-hits", "/tmp/zsh-done"):
        if os.path.exists(path):
            os.unlink(path)
    child.send(line + "\x14")
    wait_until(lambda: os.path.exists("/tmp/zsh-done"), "zsh")
    if not os.path.exists("/tmp/zsh-hits"):
        return ""
    with open("/tmp/zsh-hits", encoding="utf-8") as file:
        return " ".join(file.read().split())


def zsh(lines):
    write("/tmp/zsh-start", ZSH)
    child = spawn("/usr/bin/zsh", "-f", env={**os.environ, "TERM": "dumb"})
    child.delaybeforesend = 0
    child.sendline(". /tmp/zsh-start")
    child.expect("READY> ")
    answers = [zsh_answer(child, line) for line in lines]
    child.close(force=True)
    return answers


SHELLS = (bash, fish, zsh)


def offered(shell, lines):
    """Returns {line: set of words that are offered behind it}."""
    answers = shell([f"extauthctl {line}" for line in lines])
    equal(len(answers), len(lines), "answers")
    return {line: {word.rstrip("=") for word in answer.split()}
            for line, answer in zip(lines, answers)}


def in_each_shell(function):
    """Registers the test for each shell."""
    for shell in SHELLS:
        def one_test(shell=shell):
            function(shell)
        one_test.__name__ = f"{shell.__name__}_{function.__name__}"
        test(one_test)
    return function


def offers(shell, expected):
    """Fails unless each line gets exactly the words."""
    got = offered(shell, list(expected))
    equal({line: sorted(words) for line, words in got.items()},
          {line: sorted(words.split()) for line, words in expected.items()})


# --- tests -------------------------------------------------------------------

@in_each_shell
def offers_every_command(shell):
    firsts = {words.split()[0] for words in ALL}
    expected = {"": " ".join(firsts), "--json ": " ".join(firsts),
                "--config x ": " ".join(firsts)}
    for first in firsts - set(ALL):
        expected[first + " "] = " ".join(
            words.split()[1] for words in ALL if words.startswith(first + " "))
    offers(shell, expected)


@in_each_shell
def offers_every_option_of_each_command(shell):
    offers(shell, {words + " --": " ".join(options)
                   for words, options in ALL.items()})


@in_each_shell
def offers_the_options_before_a_command(shell):
    offers(shell, {"--": "--config --json --help --version"})


@in_each_shell
def offers_what_begins_so(shell):
    offers(shell, {"us": "user", "user dis": "disable",
                   "user show ali": "alice", "user show zoe": "",
                   "sync --dry": "--dry-run", "no-such ": "",
                   "user no-such ": ""})


@in_each_shell
def offers_names(shell):
    people = "alan alice bob"
    offers(shell, {"user show ": people, "test-login ": people,
                   "check --as ": people, "user disable ": people,
                   "sync ": "corp", "secret remove ": "api-key",
                   "user add zoe --provider ": "main second",
                   "user export --format ": "csv json",
                   "user import ": "people.csv",
                   "registry restore p": "people.csv",
                   "--config pe": "people.csv",
                   "user list --config ": "people.csv", "user add ": ""})
    services = offered(shell, ["test-login alice --service "])
    assert {"sshd", "sudo", "su"} <= services["test-login alice --service "]
    shells = offered(shell, ["user add zoe --shell /bin/b"])
    assert "/bin/bash" in shells["user add zoe --shell /bin/b"], shells


@test
def nothing_is_said_of_a_registry_that_may_not_be_read():
    prefix = ["setpriv", "--reuid", "nobody", "--regid", "nogroup",
              "--clear-groups", "env", "HOME=/tmp"]
    for shell in (bash, fish):
        answers = shell(["extauthctl user show ", "extauthctl secret remove ",
                         "extauthctl user add zoe --provider "], *prefix)
        equal(answers, ["", "", "main second"], shell.__name__)


@test
def a_key_press_completes_in_an_interactive_bash():
    # readline shows nothing on a terminal that does not echo.
    child = pexpect.spawn("/bin/bash", ["--norc", "--noprofile", "-i"],
                          timeout=20, encoding="utf-8", echo=True, env={
                              **os.environ, "TERM": "dumb", "PS1": "READY> "})
    child.expect("READY> ")
    child.sendline(". /usr/share/bash-completion/bash_completion")
    child.expect("READY> ")
    for typed, completed in (("extauthctl user sh", "ow "), ("ali", "ce "),
                             ("--js", "on ")):
        child.send(typed + "\t")
        child.expect_exact(typed + completed)
    child.close(force=True)


run_tests()
