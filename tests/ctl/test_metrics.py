#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl metrics and status --json: what a monitoring reads."""
import datetime
import json
import os
import re
import subprocess
import time

from ctl import (CONFIG, PORT, REGISTRY, configure, document, good, main, run,
                 write)

PEOPLE = "/srv/people.csv"
SOURCE = f"""
[source corp]
type = csv
file = {PEOPLE}
max_sync_age = 2h
"""
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"')
NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|\+?Inf)\Z|NaN\Z")
UNESCAPED = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


def labels_of(text):
    """Reads what stands between braces, to its end."""
    found = {}
    while text:
        match = LABEL.match(text)
        assert match, text
        assert match[1] not in found, text
        found[match[1]] = re.sub(r"\\.", lambda m: UNESCAPED[m[0]], match[2])
        text = text[match.end():]
        assert text == "" or text[0] == "," and len(text) > 1, text
        text = text[1:]
    return found


def sample_of(line):
    """Reads one sample: name, labels, value."""
    match = re.fullmatch(r"([^ {]+)(?:\{(.*)\})? (\S+)", line)
    assert match and NAME.match(match[1]) and NUMBER.match(match[3]), line
    return match[1], labels_of(match[2] or ""), float(match[3])


def parse(text):
    """Reads the text exposition format 0.0.4 strictly; returns samples by
    family."""
    families, family = {}, None
    assert text.endswith("\n") and "\r" not in text
    lines = text[:-1].split("\n")
    while lines:
        line = lines.pop(0)
        if line.startswith("# HELP "):
            family, helped = line[7:].split(" ", 1)
            assert NAME.match(family) and family not in families, line
            assert helped.strip() and not re.search(r"\\[^\\n]", helped), line
            kind = lines.pop(0)
            assert kind == f"# TYPE {family} gauge", kind
            families[family] = []
            continue
        name, labels, value = sample_of(line)
        assert name == family, line
        assert labels not in [known for known, _ in families[family]], line
        families[family].append((labels, value))
    return families


def metrics(*words):
    return parse(good("metrics", *words).stdout)


def value(families, name, /, **labels):
    """The one value of a family with those labels."""
    found = [number for known, number in families[name]
             if labels.items() <= known.items()]
    assert len(found) == 1, (name, labels, families.get(name))
    return found[0]


def people(*names):
    lines = [f"{name},{name}@example.com,{name}" for name in names]
    write(PEOPLE, "\n".join(["id,email,name", *lines]) + "\n")


def errors(families):
    return {(labels["what"], labels["name"])
            for labels, _ in families.get("extauth_metrics_error", [])}


def certificate(path, days, name="/CN=test"):
    """Makes a certificate that ends in so many days."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                    path + ".key", "-out", path, "-days", str(days), "-subj",
                    name], check=True, capture_output=True)


def names_keep_to_the_conventions():
    configure(SOURCE)
    people("jane")
    good("sync")
    for name in metrics():
        assert name.startswith("extauth_") and not name.endswith("_total")
        assert "days" not in name and "_ms" not in name, name
        if "timestamp" in name or "age" in name:
            assert name.endswith("_seconds"), name


def people_are_counted_by_state():
    configure(SOURCE)
    people("jane", "joe", "jim")
    good("sync")
    people("jane", "joe")
    good("sync", "--accept-removals", "3")
    good("user", "add", "carl", "--email", "carl@example.com", "--group", "x")
    good("user", "disable", "carl")
    good("user", "add", "gone", "--email", "gone@example.com")
    good("user", "remove", "gone")
    found = metrics()
    for state, count in (("enabled", 2), ("disabled", 1), ("held", 1)):
        assert value(found, "extauth_users", state=state) == count, state
    assert value(found, "extauth_users_removed") == 1
    assert value(found, "extauth_users_linked") == 0
    assert value(found, "extauth_users_paused") == 0
    assert value(found, "extauth_groups") == 1
    assert value(found, "extauth_configuration_ok") == 1
    assert value(found, "extauth_nsswitch_ok") == 1
    assert value(found, "extauth_providers") == 1
    assert value(found, "extauth_registry_generation") > 3
    assert value(found, "extauth_build_info") == 1
    age = time.time() - value(
        found, "extauth_registry_modified_timestamp_seconds")
    assert -1 < age < 60, age
    assert errors(found) == set()


def sources_tell_their_last_sync():
    configure(SOURCE)
    people("jane", "joe")
    before = metrics()
    assert value(before, "extauth_source_max_age_seconds",
                 source="corp") == 7200
    assert before["extauth_source_last_attempt_ok"] == []
    good("sync")
    done = metrics()
    assert value(done, "extauth_source_last_attempt_ok", source="corp") == 1
    assert value(done, "extauth_source_last_sync_users", source="corp",
                 outcome="added") == 2
    assert value(done, "extauth_source_last_sync_users", source="corp",
                 outcome="refused") == 0
    write(PEOPLE, "nonsense\n")
    assert run("sync").returncode == 78
    failed = metrics()
    assert value(failed, "extauth_source_last_attempt_ok", source="corp") == 0
    name = "extauth_source_last_success_timestamp_seconds"
    assert value(failed, name) == value(done, name) > time.time() - 60


def certificates_tell_their_end():
    certificate("/srv/client.pem", 30)
    certificate("/srv/one.pem", 400)
    certificate("/srv/two.pem", 20)
    with open("/srv/one.pem", encoding="ascii") as one, \
            open("/srv/two.pem", encoding="ascii") as two:
        write("/srv/ca.pem", one.read() + two.read())
    configure("client_certificate_file = /srv/client.pem\n"
              "client_key_file = /srv/client.pem.key\n"
              "ca_file = /srv/ca.pem\n")
    found = metrics()
    name = "extauth_certificate_not_after_timestamp_seconds"
    for kind, days in (("client", 30), ("ca", 20)):
        left = value(found, name, kind=kind, section="provider",
                     name="main") - time.time()
        assert abs(left - days * 86400) < 120, (kind, left)
    write("/srv/ca.pem", "nonsense\n")
    os.unlink("/srv/client.pem")
    assert {("ca_file", "main"), ("client_certificate", "main")} <= \
        errors(metrics())




def broken_configuration_still_gives_metrics():
    good("user", "add", "jane", "--email", "jane@example.com")
    write(CONFIG, "[nonsense]\n")
    found = metrics()
    assert value(found, "extauth_configuration_ok") == 0
    assert value(found, "extauth_users", state="enabled") == 1
    assert "extauth_providers" not in found
    assert errors(found) == {("configuration", "")}


def damaged_registry_is_told():
    good("user", "add", "jane", "--email", "jane@example.com")
    write(f"{REGISTRY}/registry", "nonsense", 0o600)
    found = metrics()
    assert value(found, "extauth_registry_ok") == 0
    assert "extauth_users" not in found
    assert ("registry", "") in errors(found)
    status = run("--json", "status")
    report = json.loads(status.stdout)
    assert status.returncode == 2 and report["registry"] == "broken"
    assert report["enabled"] is None and report["registry_error"]


def output_is_replaced_as_a_whole():
    os.makedirs("/srv/textfile", exist_ok=True)
    path = "/srv/textfile/extauth.prom"
    write(path, "old\n", 0o600)
    with open(path, encoding="utf-8") as old:
        assert good("metrics", "--output", path).stdout == ""
        assert old.read() == "old\n"
    assert os.stat(path).st_mode & 0o7777 == 0o644
    with open(path, encoding="utf-8") as file:
        parse(file.read())
    assert os.listdir("/srv/textfile") == ["extauth.prom"]
    os.unlink(path)
    os.symlink("/srv/elsewhere", path)
    good("metrics", "--output", path)
    assert not os.path.islink(path) and not os.path.exists("/srv/elsewhere")
    assert run("metrics", "--output", "/srv/none/x.prom").returncode == 2
    assert run("metrics", "--output", "/srv/textfile/").returncode == 1
    os.chdir("/srv/textfile")
    good("metrics", "--output", "here.prom")
    assert os.path.exists("here.prom")


def online_reaches_the_server_without_a_login():
    found = metrics("--online")
    assert value(found, "extauth_provider_reachable", provider="main") == 1
    from ctl import Service  # pylint: disable=import-outside-toplevel
    assert not Service.requests
    configure()
    with open(CONFIG, encoding="utf-8") as file:
        text = file.read()
    write(CONFIG, text.replace(f":{PORT}/", ":1/"))
    found = metrics("--online")
    assert value(found, "extauth_provider_reachable", provider="main") == 0


KEYS = {
    "time": str, "version": str, "configuration": str,
    "configuration_error": type(None), "providers": list, "sources": list,
    "registry": str, "registry_error": type(None), "registered": int,
    "enabled": int, "disabled": int, "held": int, "linked": int,
    "removed": int, "groups": int, "generation": int, "format": int,
    "changed": str, "age_s": int, "without_source": list, "throttled": list,
    "nsswitch": bool}
SOURCE_KEYS = {
    "name": str, "last_success": str, "age_s": int, "max_age_s": int,
    "is_too_old": bool, "last_attempt": str, "is_failed": bool,
    "result": str, "counts": dict}
COUNTS = {"added", "changed", "enabled", "disabled", "removed", "refused",
          "unchanged"}


def is_time(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


def status_has_every_key_and_the_right_type():
    configure(SOURCE)
    people("jane")
    good("sync")
    report = document("status")
    assert {key: type(kept) for key, kept in report.items()} == KEYS, report
    [source] = report["sources"]
    assert {key: type(kept) for key, kept in source.items()} == SOURCE_KEYS
    assert set(source["counts"]) == COUNTS
    for text in (report["time"], report["changed"], source["last_success"],
                 source["last_attempt"]):
        is_time(text)
    assert report["registry"] == "ok" and source["is_failed"] is False


def status_of_nothing_has_the_same_keys():
    configure(SOURCE)
    report = document("status")
    assert set(report) == set(KEYS)
    assert report["registry"] == "none" and report["changed"] is None
    assert report["registered"] == 0 and report["age_s"] is None
    [source] = report["sources"]
    assert set(source) == set(SOURCE_KEYS)
    assert source["last_success"] is source["counts"] is None
    assert source["is_failed"] is None and source["is_too_old"] is True
    write(CONFIG, "[nonsense]\n")
    done = run("--json", "status")
    report = json.loads(done.stdout)
    assert done.returncode == 78 and set(report) == set(KEYS)
    assert report["configuration"] == "broken" and report["sources"] is None


def documented_keys_and_metrics_are_those_there_are():
    configure(SOURCE + "[provider other]\ntype = basic\n"
              "url = https://other.example/\ndomains = other.example\n")
    people("jane")
    good("sync")
    path = os.environ["EXTAUTH_SOURCE"] + "/man/extauthctl.8.scd"
    with open(path, encoding="utf-8") as file:
        manual = file.read().replace("\\_", "_")
    for key in [*KEYS, *SOURCE_KEYS, *COUNTS]:
        assert re.search(rf"[_*]{key}[_*]", manual), key
    there = set(metrics("--online")) | {"extauth_metrics_error"}
    assert set(re.findall(r"\bextauth_[a-z_]+[a-z]", manual)) == there


main([entry for entry in list(globals().values())
      if callable(entry) and getattr(entry, "__module__", "") == "__main__"
      and entry.__name__ not in (
          "labels_of", "sample_of", "parse", "metrics", "value", "people",
          "errors", "certificate", "is_time")])
