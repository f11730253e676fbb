# fish completion for extauthctl(8)
# SPDX-License-Identifier: MIT
# Names that only root may read are offered to root.

# The words before the cursor, without options that stand before the command.
function __extauthctl_words
    set -l words (commandline -opc)[2..]
    while string match -q -- '-*' "$words[1]"
        if test "$words[1]" = --config
            set -e words[1]
        end
        set -e words[1]
    end
    string join \n -- $words
end

# Whether exactly these words are there.
function __extauthctl_at
    test "$argv" = "$(__extauthctl_words | string join ' ')"
end

# Whether these words begin the command.
function __extauthctl_in
    set -l words (__extauthctl_words)
    test (count $words) -ge (count $argv)
    and test "$argv" = "$words[1..$(count $argv)]"
end

# A registry of a million people is not listed for a key press.
function __extauthctl_users
    set -l registry /var/lib/extauth/registry
    test -r $registry
    and test (stat -c %s $registry) -lt 1000000
    and extauthctl user list 2>/dev/null | awk 'NR > 1 { print $1 }'
end

function __extauthctl_sections
    extauthctl config show 2>/dev/null |
        string replace -rf "^\[$argv[1] (.*)\]\$" '$1'
end

function __extauthctl_providers
    __extauthctl_sections provider
end

function __extauthctl_sources
    __extauthctl_sections source
end

function __extauthctl_secrets
    extauthctl secret list 2>/dev/null
end

function __extauthctl_services
    ls /etc/pam.d 2>/dev/null
end

function __extauthctl_shells
    string match -r '^/.*' </etc/shells
end

function __extauthctl_directories
    __fish_complete_directories
end

complete -c extauthctl -f
complete -c extauthctl -n __extauthctl_at -l config -r -F -d 'another configuration file'
complete -c extauthctl -n __extauthctl_at -l json -d 'one JSON document'
complete -c extauthctl -n __extauthctl_at -l help -d 'the commands'
complete -c extauthctl -n __extauthctl_at -l version -d 'the version'
# Generated from here on.
complete -c extauthctl -n '__extauthctl_at' -a user -d 'add, show, list, enable, disable, unlock, remove, import, export'
complete -c extauthctl -n '__extauthctl_at' -a sync -d 'Makes the registry what the directories say.'
complete -c extauthctl -n '__extauthctl_at' -a id -d 'export, import'
complete -c extauthctl -n '__extauthctl_at' -a registry -d 'upgrade, restore'
complete -c extauthctl -n '__extauthctl_at' -a test-login -d 'Tries a login, and tells each step of it.'
complete -c extauthctl -n '__extauthctl_at' -a forgot-password -d 'Has the provider send a reset mail.'
complete -c extauthctl -n '__extauthctl_at' -a secret -d 'set, list, remove'
complete -c extauthctl -n '__extauthctl_at' -a config -d 'show'
complete -c extauthctl -n '__extauthctl_at' -a setup -d 'Sets this machine up, step by step.'
complete -c extauthctl -n '__extauthctl_at' -a unsetup -d 'Takes back what setup did.'
complete -c extauthctl -n '__extauthctl_at' -a check -d 'Looks for what will go wrong.'
complete -c extauthctl -n '__extauthctl_at' -a status -d 'Shows how things are, at a glance.'
complete -c extauthctl -n '__extauthctl_at' -a metrics -d 'Shows how things are, for Prometheus.'
complete -c extauthctl -n '__extauthctl_at' -a support-bundle -d 'Packs what a supporter needs, without secrets or names.'
complete -c extauthctl -n '__extauthctl_at user' -a add -d 'Registers a person.'
complete -c extauthctl -n '__extauthctl_in user add' -l email -x -d 'the e-mail that the provider knows'
complete -c extauthctl -n '__extauthctl_in user add' -l uid -x -d 'this uid; default: the next of uid_range'
complete -c extauthctl -n '__extauthctl_in user add' -l gecos -x -d 'full name'
complete -c extauthctl -n '__extauthctl_in user add' -l home -x -a '(__extauthctl_directories)' -d 'home; default: the key home'
complete -c extauthctl -n '__extauthctl_in user add' -l shell -x -a '(__extauthctl_shells)' -d 'shell; default: the key shell'
complete -c extauthctl -n '__extauthctl_in user add' -l external-id -x -d 'the directory'\''s unchanging id'
complete -c extauthctl -n '__extauthctl_in user add' -l provider -x -a '(__extauthctl_providers)' -d 'who checks the password'
complete -c extauthctl -n '__extauthctl_in user add' -l group -x -d 'a group of the registry; repeatable'
complete -c extauthctl -n '__extauthctl_in user add' -l not-after -x -d 'the last day'
complete -c extauthctl -n '__extauthctl_in user add' -l local -d 'link the account that is in /etc/passwd'
complete -c extauthctl -n '__extauthctl_in user add' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in user add' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in user add' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at user' -a show -d 'Shows one person; NAME may be the e-mail.'
complete -c extauthctl -n '__extauthctl_in user show' -a '(__extauthctl_users)'
complete -c extauthctl -n '__extauthctl_in user show' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in user show' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in user show' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at user' -a list -d 'Lists the registered people.'
complete -c extauthctl -n '__extauthctl_in user list' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in user list' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in user list' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at user' -a enable -d 'Lets a disabled person in again.'
complete -c extauthctl -n '__extauthctl_in user enable' -a '(__extauthctl_users)'
complete -c extauthctl -n '__extauthctl_in user enable' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in user enable' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in user enable' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at user' -a disable -d 'Keeps a person out; files keep their owner.'
complete -c extauthctl -n '__extauthctl_in user disable' -a '(__extauthctl_users)'
complete -c extauthctl -n '__extauthctl_in user disable' -l end-sessions -d 'end all processes of the user'
complete -c extauthctl -n '__extauthctl_in user disable' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in user disable' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in user disable' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at user' -a unlock -d 'Ends a pause after too many wrong passwords.'
complete -c extauthctl -n '__extauthctl_in user unlock' -a '(__extauthctl_users)'
complete -c extauthctl -n '__extauthctl_in user unlock' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in user unlock' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in user unlock' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at user' -a remove -d 'Removes a person; the uid is never given out again.'
complete -c extauthctl -n '__extauthctl_in user remove' -a '(__extauthctl_users)'
complete -c extauthctl -n '__extauthctl_in user remove' -l end-sessions -d 'end all processes of the user'
complete -c extauthctl -n '__extauthctl_in user remove' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in user remove' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in user remove' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at user' -a import -d 'Registers all people of a file, or none.'
complete -c extauthctl -n '__extauthctl_in user import' -F
complete -c extauthctl -n '__extauthctl_in user import' -l format -x -a 'csv json' -d 'default: by the file'\''s name, else csv'
complete -c extauthctl -n '__extauthctl_in user import' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in user import' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in user import' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at user' -a export -d 'Writes all registered people, to be imported elsewhere.'
complete -c extauthctl -n '__extauthctl_in user export' -l format -x -a 'csv json' -d 'default: csv, or json with --json'
complete -c extauthctl -n '__extauthctl_in user export' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in user export' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in user export' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_in sync' -a '(__extauthctl_sources)'
complete -c extauthctl -n '__extauthctl_in sync' -l dry-run -d 'show the differences; write nothing'
complete -c extauthctl -n '__extauthctl_in sync' -l full -d 'read all, not only what changed'
complete -c extauthctl -n '__extauthctl_in sync' -l user -x -d 'this person alone'
complete -c extauthctl -n '__extauthctl_in sync' -l accept-removals -x -d 'let up to N be disabled or removed, this time'
complete -c extauthctl -n '__extauthctl_in sync' -l verbose -d 'one line for each difference'
complete -c extauthctl -n '__extauthctl_in sync' -l trace -d 'show each request, without secrets'
complete -c extauthctl -n '__extauthctl_in sync' -l worker -r -F -d 'let the service there speak to directories'
complete -c extauthctl -n '__extauthctl_in sync' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in sync' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in sync' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at id' -a export -d 'Writes which uids and gids this host gave out.'
complete -c extauthctl -n '__extauthctl_in id export' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in id export' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in id export' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at id' -a import -d 'Keeps the uids and gids of another host for whom they are.'
complete -c extauthctl -n '__extauthctl_in id import' -F
complete -c extauthctl -n '__extauthctl_in id import' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in id import' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in id import' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at registry' -a upgrade -d 'Writes the registry in the newest format.'
complete -c extauthctl -n '__extauthctl_in registry upgrade' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in registry upgrade' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in registry upgrade' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at registry' -a restore -d 'Puts a registry that was saved back where there is none.'
complete -c extauthctl -n '__extauthctl_in registry restore' -F
complete -c extauthctl -n '__extauthctl_in registry restore' -l dry-run -d 'check all, change nothing'
complete -c extauthctl -n '__extauthctl_in registry restore' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in registry restore' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in registry restore' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_in test-login' -a '(__extauthctl_users)'
complete -c extauthctl -n '__extauthctl_in test-login' -l service -x -a '(__extauthctl_services)' -d 'PAM service; default: extauthctl, or the first of services'
complete -c extauthctl -n '__extauthctl_in test-login' -l rhost -x -d 'remote host; default: a local login'
complete -c extauthctl -n '__extauthctl_in test-login' -l tty -x -d 'terminal, as tty1'
complete -c extauthctl -n '__extauthctl_in test-login' -l provider -x -a '(__extauthctl_providers)' -d 'as the PAM option provider='
complete -c extauthctl -n '__extauthctl_in test-login' -l second-factor -d 'try one, without a terminal too'
complete -c extauthctl -n '__extauthctl_in test-login' -l dry-run -d 'build and show the requests; send nothing'
complete -c extauthctl -n '__extauthctl_in test-login' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in test-login' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in test-login' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_in forgot-password' -a '(__extauthctl_users)'
complete -c extauthctl -n '__extauthctl_in forgot-password' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in forgot-password' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in forgot-password' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at secret' -a set -d 'Writes a secret from standard input.'
complete -c extauthctl -n '__extauthctl_in secret set' -a '(__extauthctl_secrets)'
complete -c extauthctl -n '__extauthctl_in secret set' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in secret set' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in secret set' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at secret' -a list -d 'Lists the names of the secrets.'
complete -c extauthctl -n '__extauthctl_in secret list' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in secret list' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in secret list' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at secret' -a remove -d 'Removes a secret.'
complete -c extauthctl -n '__extauthctl_in secret remove' -a '(__extauthctl_secrets)'
complete -c extauthctl -n '__extauthctl_in secret remove' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in secret remove' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in secret remove' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_at config' -a show -d 'Shows the configuration that holds.'
complete -c extauthctl -n '__extauthctl_in config show' -l origin -d 'file and line of each value, default, or implied'
complete -c extauthctl -n '__extauthctl_in config show' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in config show' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in config show' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_in setup' -l service -x -a '(__extauthctl_services)' -d 'PAM services; default: sshd'
complete -c extauthctl -n '__extauthctl_in setup' -l type -x -a 'rest basic oauth2 okta entra pingone pingfederate aptify' -d 'rest, basic, oauth2, okta, entra, ...'
complete -c extauthctl -n '__extauthctl_in setup' -l url -x -d 'where the web service is'
complete -c extauthctl -n '__extauthctl_in setup' -l issuer -x -d 'oauth2'
complete -c extauthctl -n '__extauthctl_in setup' -l tenant -x -d 'entra'
complete -c extauthctl -n '__extauthctl_in setup' -l environment -x -d 'pingone'
complete -c extauthctl -n '__extauthctl_in setup' -l region -x -d 'pingone: com, eu, asia, ca, com.au'
complete -c extauthctl -n '__extauthctl_in setup' -l client-id -x -d 'oauth2, entra, pingone, pingfederate'
complete -c extauthctl -n '__extauthctl_in setup' -l client-secret-file -r -F -d 'its secret; - is standard input'
complete -c extauthctl -n '__extauthctl_in setup' -l no-client-secret -d 'the client has none'
complete -c extauthctl -n '__extauthctl_in setup' -l login-provider -x -d 'aptify'
complete -c extauthctl -n '__extauthctl_in setup' -l domain -x -d 'of the e-mail addresses, if but one'
complete -c extauthctl -n '__extauthctl_in setup' -l user -x -d 'who tries a login; registered if need be'
complete -c extauthctl -n '__extauthctl_in setup' -l email -x -d 'the user'\''s, to be registered with'
complete -c extauthctl -n '__extauthctl_in setup' -l no-mkhomedir -d 'no home at the first login'
complete -c extauthctl -n '__extauthctl_in setup' -l no-test-login -d 'no login at the end'
complete -c extauthctl -n '__extauthctl_in setup' -l i-have-console-access -d 'sudo, login without a local way to root'
complete -c extauthctl -n '__extauthctl_in setup' -l overwrite -d 'files that were changed by hand, too'
complete -c extauthctl -n '__extauthctl_in setup' -l yes -d 'do not ask'
complete -c extauthctl -n '__extauthctl_in setup' -l dry-run -d 'show what would change'
complete -c extauthctl -n '__extauthctl_in setup' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in setup' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in setup' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_in unsetup' -l yes -d 'do not ask'
complete -c extauthctl -n '__extauthctl_in unsetup' -l dry-run -d 'show what would change'
complete -c extauthctl -n '__extauthctl_in unsetup' -l keep-configuration -d 'leave /etc/extauth as it is'
complete -c extauthctl -n '__extauthctl_in unsetup' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in unsetup' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in unsetup' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_in check' -l online -d 'speak to the providers as well'
complete -c extauthctl -n '__extauthctl_in check' -l as -x -a '(__extauthctl_users)' -d 'attempt as NAME; counts as a wrong password'
complete -c extauthctl -n '__extauthctl_in check' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in check' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in check' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_in status' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in status' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in status' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_in metrics' -l online -d 'connect to each provider for its certificate; no login'
complete -c extauthctl -n '__extauthctl_in metrics' -l output -r -F -d 'replace FILE as a whole, 0644'
complete -c extauthctl -n '__extauthctl_in metrics' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in metrics' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in metrics' -l help -d 'this text'
complete -c extauthctl -n '__extauthctl_in support-bundle' -l output -r -F -d 'write it there; the default is a new file here'
complete -c extauthctl -n '__extauthctl_in support-bundle' -l lines -x -d 'so many log lines at most (500)'
complete -c extauthctl -n '__extauthctl_in support-bundle' -l config -r -F -d 'another configuration file'
complete -c extauthctl -n '__extauthctl_in support-bundle' -l json -d 'one JSON document, where there is something to show'
complete -c extauthctl -n '__extauthctl_in support-bundle' -l help -d 'this text'
# Generated up to here.
