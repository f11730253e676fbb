# SPDX-License-Identifier: MIT
"""Certificates by openssl, good and bad in every way that counts: dates, names,
issuers, uses, keys and signatures.

Does not know: who presents them, what a client should say of them."""
import datetime
import functools
import os

from hostile_case import PKI, run, write

DIRECTORY = "/run/hostile-certificates"
HOST_NAME = "id.example.com"
AUTHORITY = PKI + "/ca"
CONFIG = """[ca]
default_ca = test
[test]
database = {directory}/index
new_certs_dir = {directory}
rand_serial = yes
policy = any
unique_subject = no
[any]
commonName = supplied
"""
CA_EXTENSIONS = {"basicConstraints": "critical,CA:TRUE",
                 "keyUsage": "critical,keyCertSign,cRLSign"}
KEYS = {
    "p256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p192": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-192"],
    "rsa1024": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
    "rsa2048": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
}


def leaf_extensions(names=f"DNS:{HOST_NAME}", **more):
    """Returns those of a server's certificate; without `names` it has none of
    the kind that counts."""
    extensions = {"basicConstraints": "CA:FALSE",
                  "extendedKeyUsage": "serverAuth"}
    if names:
        extensions["subjectAltName"] = names
    return {**extensions, **more}


@functools.cache
def make_key(kind, number=0):
    """Makes a key once and returns its path."""
    path = f"{DIRECTORY}/{kind}-{number}.key"
    os.makedirs(DIRECTORY, exist_ok=True)
    run("openssl", "genpkey", *KEYS[kind], "-out", path, check=True)
    return path


@functools.cache
def _request(key, subject):
    path = f"{key}-{subject.replace('/', '_')}.csr"
    run("openssl", "req", "-new", "-key", key, "-subj", subject, "-out", path,
        check=True)
    return path


def _date(days):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now + datetime.timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")


def day(days):
    """Returns the day so many days from now, as the log has it."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now + datetime.timedelta(days=days)).strftime("%Y-%m-%d")


def issue(name, extensions, issuer=AUTHORITY, key="p256", subject=None,
          digest="sha256", days=(-1, 30), chain=()):
    """Makes DIRECTORY/NAME.pem, with the certificates of `chain` behind its
    own, and .key; returns their path without ending. `days` are begin and end
    from now."""
    path = f"{DIRECTORY}/{name}"
    key_path = make_key(key)
    write(DIRECTORY + "/conf", CONFIG.format(directory=DIRECTORY)
          + "[extensions]\n"
          + "".join(f"{k} = {v}\n" for k, v in extensions.items()))
    write(DIRECTORY + "/index", "")
    run("openssl", "ca", "-batch", "-notext", "-config", DIRECTORY + "/conf",
        "-extensions", "extensions", "-md", digest, "-cert", issuer + ".pem",
        "-keyfile", issuer + ".key", "-startdate", _date(days[0]),
        "-enddate", _date(days[1]), "-in",
        _request(key_path, subject or "/CN=" + HOST_NAME),
        "-out", path + ".pem", check=True)
    finish(path, key_path, chain)
    return path


def finish(path, key_path, chain=()):
    """Puts the key and the rest of the chain beside a certificate."""
    if os.path.lexists(path + ".key"):
        os.unlink(path + ".key")
    os.symlink(key_path, path + ".key")
    with open(path + ".pem", "a", encoding="ascii") as file:
        for issuer in chain:
            with open(issuer + ".pem", encoding="ascii") as more:
                file.write(more.read().split("-----END CERTIFICATE-----")[0]
                           + "-----END CERTIFICATE-----\n")


def intermediate(name, extensions=None, issuer=AUTHORITY, **options):
    """Makes a CA below another one."""
    return issue(name, extensions or CA_EXTENSIONS, issuer,
                 subject=f"/CN={name}", **options)


def root(name, subject):
    """Makes a CA of its own."""
    path = f"{DIRECTORY}/{name}"
    key_path = make_key("p256", name)
    run("openssl", "req", "-x509", "-new", "-key", key_path, "-subj", subject,
        "-days", "30", "-out", path + ".pem", check=True)
    finish(path, key_path)
    return path


def below(name, issuer, *above, **options):
    """Makes a good certificate that an intermediate CA issued, with the whole
    chain; the best that its issuer can do."""
    return issue(name, leaf_extensions(), issuer, chain=(issuer, *above),
                 **options)


# --- what openssl would not write ------------------------------------------

def element(tag, content):
    """Returns one DER element."""
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return (bytes([tag, 0x80 | size]) + length.to_bytes(size, "big")
            + content)


def names_in_der(*names):
    """Returns a subjectAltName of DNS names whose bytes are anything."""
    inner = b"".join(element(0x82, name) for name in names)
    return "DER:" + element(0x30, inner).hex(":")


def _inner_end(der):
    """Returns where the first element within the outer one begins and ends."""
    def header(at):
        if der[at + 1] < 128:
            return 2, der[at + 1]
        size = der[at + 1] & 0x7F
        return 2 + size, int.from_bytes(der[at + 2:at + 2 + size], "big")
    begin = header(0)[0]
    size, length = header(begin)
    return begin, begin + size + length


def signed_anew(path, old, new, issuer=AUTHORITY):
    """Replaces bytes within a certificate by as many and signs it again; with
    no issuer the signature stays and is wrong."""
    assert len(old) == len(new)
    der_path = path + ".der"
    run("openssl", "x509", "-in", path + ".pem", "-outform", "DER", "-out",
        der_path, check=True)
    with open(der_path, "rb") as file:
        der = file.read()
    begin, end = _inner_end(der)
    assert old in der[begin:end], old
    body, rest = der[begin:end].replace(old, new), der[end:]
    if issuer:
        # ecdsa-with-SHA256 and a bit string.
        algorithm = element(0x30, bytes.fromhex("06082a8648ce3d040302"))
        with open(path + ".tbs", "wb") as file:
            file.write(body)
        run("openssl", "dgst", "-sha256", "-sign", issuer + ".key", "-out",
            path + ".sig", path + ".tbs", check=True)
        with open(path + ".sig", "rb") as file:
            rest = algorithm + element(3, b"\0" + file.read())
    with open(der_path, "wb") as file:
        file.write(element(0x30, body + rest))
    run("openssl", "x509", "-inform", "DER", "-in", der_path, "-out",
        path + ".pem", check=True)
    return path
