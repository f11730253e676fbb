#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl setup on a terminal: what is asked, and asked again."""
from extauth_test import *
from setup_case import *


def ask(child, question, answer):
    """Waits for a question and types the answer."""
    child.expect_exact(question)
    child.sendline(answer)


def begin(*arguments):
    child = spawn("/usr/sbin/extauthctl", "setup", *arguments, timeout=30)
    child.delaybeforesend = 0.05
    return child


def end(child, status):
    child.expect(pexpect.EOF)
    child.close()
    equal(child.exitstatus, status, child.before)
    return child.before


@test
def everything_is_asked_and_wrong_answers_again():
    put_back()
    child = begin()
    child.expect_exact("okta")
    ask(child, "Type: ", "ldap")
    child.expect_exact("must be one of rest")
    ask(child, "Type: ", "rest")
    ask(child, "are sent to: ", "")
    ask(child, "are sent to: ", "http://id.example.com/login")
    child.expect_exact(PART + ":10: [provider main] url: ")
    ask(child, "are sent to: ", URL)
    ask(child, "whatever is registered): ", "example com")
    child.expect_exact("is not a domain")
    ask(child, "whatever is registered): ", "example.com")
    ask(child, "Login name of the first person: ", "Alice!")
    ask(child, "the web service knows: ", "alice@example.com")
    ask(child, "Login name of the first person: ", "alice")
    ask(child, "the web service knows: ", "alice@example.com")
    child.expect_exact(PART + ": new")
    assert not os.path.exists(PART)
    ask(child, "Make these changes? [y/N]: ", "y")
    ask(child, "Password: ", PASSWORD)
    child.expect_exact("alice may log in through sshd")
    assert PASSWORD not in end(child, 0)


@test
def earlier_answers_are_offered():
    child = begin()
    ask(child, "Type [rest]: ", "")
    ask(child, f"are sent to [{URL}]: ", "")
    ask(child, "whatever is registered) [example.com]: ", "")
    ask(child, "who tries a login: ", "")
    ask(child, "who tries a login: ", "alice")
    child.expect_exact("Nothing to change.")
    ask(child, "Password: ", PASSWORD)
    end(child, 0)


@test
def refusal_where_nothing_was_changed_asks_nothing():
    child = begin(*REST, "--domain", "example.com", "--user", "alice")
    child.expect_exact("Nothing to change.")
    ask(child, "Password: ", "wrong")
    text = end(child, 1)
    assert "Keep the changes" not in text and "undone" not in text, text


@test
def interrupt_at_a_question_is_told_as_one():
    put_back()
    before = tree("/etc", "/var/lib/extauth")
    for arguments, question in (((), "Type: "),
                                ((*REST, "--domain", "", *ALICE),
                                 "Make these changes? [y/N]: ")):
        child = begin(*arguments)
        child.expect_exact(question)
        child.sendintr()
        child.expect_exact("setup: interrupted")
        end(child, 2)
    same(before, tree("/etc", "/var/lib/extauth"))


@test
def no_leaves_everything_as_it_was():
    put_back()
    before = tree("/etc", "/var/lib/extauth")
    child = begin(*REST, *ALICE)
    ask(child, "whatever is registered): ", "")
    ask(child, "Make these changes? [y/N]: ", "")
    child.expect_exact("nothing was changed")
    end(child, 1)
    same(before, tree("/etc", "/var/lib/extauth"))


@test
def refused_password_keeps_the_changes_unless_told_otherwise():
    for answer, is_kept in (("", True), ("n", False)):
        put_back()
        refuse_at_once()
        before = tree("/etc")
        child = begin(*REST, *ALICE)
        ask(child, "whatever is registered): ", "")
        ask(child, "Make these changes? [y/N]: ", "y")
        ask(child, "Password: ", "wrong")
        ask(child, "Keep the changes all the same? [Y/n]: ", answer)
        end(child, 1)
        equal(os.path.exists(PART), is_kept)
        if not is_kept:
            same(before, tree("/etc"))


@test
def secret_is_typed_without_echo():
    put_back()
    child = begin("--type", "pingone", "--dry-run")
    ask(child, "environment: ", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee")
    ask(child, "Id of this client there: ", "c")
    ask(child, "whatever is registered): ", "")
    ask(child, "Client secret: ", "")
    ask(child, "Client secret: ", "s3cret-typed")
    child.expect_exact("the secret is not shown")
    text = end(child, 0)
    assert "s3cret" not in text, text
    contains(text, "+ client_secret_file = setup-client-secret")


@test
def unsetup_asks_once():
    put_back()
    set_up()
    for answer, is_there in (("", True), ("y", False)):
        child = spawn("/usr/sbin/extauthctl", "unsetup", timeout=30)
        ask(child, "Take this back? [y/N]: ", answer)
        end(child, 1 if is_there else 0)
        equal(os.path.exists(PART), is_there)


run_tests()
