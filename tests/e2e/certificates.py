# SPDX-License-Identifier: MIT
"""Server certificates that the tests' PKI has not: not yet valid, and of an
issuer whom nobody trusts.

Does not know: who presents them.
"""
import os

from extauth_test import PKI, run, write

DIRECTORY = "/run/test-certificates"
NAMES = "DNS:id.example.com,DNS:localhost,IP:127.0.0.1"
CA_CONFIG = """[ca]
default_ca = test
[test]
database = {directory}/index
new_certs_dir = {directory}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[v3]
subjectAltName = {names}
basicConstraints = CA:FALSE
"""


def _make_key(path):
    run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout",
        "-out", path + ".key", check=True)


def _sign(name, issuer, *dates):
    """Makes DIRECTORY/NAME.pem and .key and returns their path without
    ending."""
    path = f"{DIRECTORY}/{name}"
    write(DIRECTORY + "/conf", CA_CONFIG.format(directory=DIRECTORY,
                                                names=NAMES))
    write(DIRECTORY + "/index", "")
    _make_key(path)
    run("openssl", "req", "-new", "-key", path + ".key", "-subj",
        "/CN=id.example.com", "-out", path + ".csr", check=True)
    run("openssl", "ca", "-batch", "-notext", "-config", DIRECTORY + "/conf",
        "-extensions", "v3", "-cert", issuer + ".pem", "-keyfile",
        issuer + ".key", "-in", path + ".csr", "-out", path + ".pem", *dates,
        check=True)
    return path


def not_yet_valid():
    """Makes one of the tests' CA that begins on 2 January 2099."""
    return _sign("future", PKI + "/ca", "-startdate", "20990102000000Z",
                 "-enddate", "20991231000000Z")


def unknown_issuer():
    """Makes one of a CA of its own, "nobody's CA"."""
    os.makedirs(DIRECTORY, exist_ok=True)
    authority = DIRECTORY + "/authority"
    _make_key(authority)
    run("openssl", "req", "-x509", "-new", "-key", authority + ".key",
        "-subj", "/CN=nobody's CA", "-days", "30", "-out", authority + ".pem",
        check=True)
    return _sign("stranger", authority, "-days", "30")


def pin(path):
    """Returns pin_sha256 of a certificate, as the configuration has it."""
    script = ('openssl x509 -in "$0" -noout -pubkey |'
              " openssl pkey -pubin -outform DER |"
              " openssl dgst -sha256 -binary | base64")
    return run("sh", "-c", script, path + ".pem", check=True).output.strip()
