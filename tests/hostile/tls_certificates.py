# SPDX-License-Identifier: MIT
"""Servers whose certificate must not be believed, each with its twin: the same
server, but for the one thing that is wrong with it.

A revoked one is not among them: extauth reads no list of those, and has no key
that names one.

Does not know: extauth; what it should log stands in each row as a text."""
from dataclasses import dataclass, field

from bad_certificates import *
from certificates import pin

NAME = "id.example.com"
WRONG_HOST = "wrong-host cn=" + NAME
NO_CIPHER = "handshake: sslv3 alert handshake failure"
NO_NAME = "no-san cn=" + NAME
EVIL = b"id.example.com\0.evil.example"


@dataclass
class Server:
    """One server: its certificate, the host of the URL, and keys of the
    provider instead of `ca_file`."""
    certificate: str
    host: str = NAME
    keys: str = None
    options: dict = field(default_factory=dict)


@dataclass
class Case:
    """A bad server, what the log must say behind tls=, and the good twin."""
    name: str
    cause: str
    bad: Server
    good: Server


def case(name, cause, bad, good, host=NAME, good_host=NAME):
    return Case(name, cause, Server(bad, host), Server(good, good_host))


def dates(good):
    """Whatever the clock says: of ten years ago, and of ten years on."""
    past = issue("past", leaf_extensions(), days=(-3660, -3650))
    future = issue("future", leaf_extensions(), days=(3650, 3660))
    yield case("expired", f"expired {day(-1)} cn={NAME}",
               issue("expired", leaf_extensions(), days=(-30, -1)), good)
    yield case("expired ten years ago", f"expired {day(-3650)} cn={NAME}",
               past, good)
    yield case("valid tomorrow", f"not-yet-valid {day(1)} cn={NAME}",
               issue("tomorrow", leaf_extensions(), days=(1, 30)), good)
    yield case("valid in ten years", f"not-yet-valid {day(3650)} cn={NAME}",
               future, good)


def named(name, names, **options):
    return issue(name, leaf_extensions(names), **options)


def wildcards(good):
    """One asterisk stands for one whole label, and not for a public suffix."""
    wildcard = named("wildcard", "DNS:*.example.com")
    wide = "login.id.example.com"
    yield case("wildcard of a top domain", WRONG_HOST,
               named("wildcard-com", "DNS:*.com"), good, host="example.com")
    yield case("wildcard over two labels", WRONG_HOST, wildcard, wildcard,
               host=wide)
    yield case("wildcard over no label", WRONG_HOST, wildcard, wildcard,
               host="example.com")
    for title, pattern in (("part of a label", "i*.example.com"),
                           ("the second label", "id.*.com"),
                           ("two labels", "*.*.com"), ("everything", "*")):
        name = "wildcard-" + title.replace(" ", "-")
        yield case("wildcard for " + title, WRONG_HOST,
                   named(name, "DNS:" + pattern), wildcard)
    yield case("wildcard for an address", WRONG_HOST,
               named("wildcard-address", "DNS:*.0.0.1"),
               named("address", "IP:127.0.0.1"), "127.0.0.1", "127.0.0.1")


def names(good):
    address = "127.0.0.1"
    right = named("address", f"IP:{address}")
    as_name = f"/CN={address}"
    yield case("another host", WRONG_HOST,
               named("other", "DNS:other.example.net"), good)
    yield case("address in the common name alone", f"no-san cn={address}",
               issue("address-cn", leaf_extensions(None), subject=as_name),
               right, address, address)
    yield case("address as a DNS name", WRONG_HOST,
               named("address-dns", f"DNS:{address}"), right, address, address)
    yield case("another address", WRONG_HOST,
               named("address-other", "IP:127.0.0.2"), right, address, address)
    yield case("common name alone", NO_NAME,
               issue("cn-only", leaf_extensions(None)), good)
    for kind, value in (("an e-mail address", "email:root@id.example.com"),
                        ("a URI", "URI:https://id.example.com/")):
        yield case(f"name within {kind} alone", NO_NAME,
                   named("in " + kind, value), good)
    yield case("NUL in a DNS name", WRONG_HOST,
               named("nul-san", names_in_der(EVIL)), good)
    path = issue("nul-cn", leaf_extensions(None),
                 subject="/CN=" + EVIL.replace(b"\0", b"~").decode())
    yield case("NUL in the common name", NO_NAME + "?.evil.example",
               signed_anew(path, b"com~", b"com\0"), good)


def issuers(good):
    """Everything that may be wrong above the certificate."""
    above = intermediate("above")
    chained = below("chained", above)

    def under(title, cause, issuer, *more, twin=chained):
        name = "under-" + title.replace(" ", "-")
        return case(title, cause, below(name, issuer, *more), twin)

    yield case("self-signed", f"self-signed cn={NAME}", PKI + "/selfsigned",
               good)
    nobody = root("nobody", "/CN=nobody")
    yield under("unknown CA", f"unknown-issuer cn=nobody", nobody)
    yield case("unknown CA that is not sent",
               f"unknown-issuer cn={NAME} issuer=nobody",
               issue("nobody-leaf", leaf_extensions(), nobody), good)
    impostor = root("impostor", "/CN=extauth test CA")
    yield case("CA of the right name and another key",
               "unknown-issuer cn=id.example.com issuer=extauth test CA",
               issue("impostor-leaf", leaf_extensions(), impostor), good)
    yield case("missing intermediate",
               f"unknown-issuer cn={NAME} issuer=above",
               issue("alone", leaf_extensions(), above), chained)
    yield under("expired intermediate", f"expired {day(-1)} cn=old",
                intermediate("old", days=(-30, -1)))
    yield under("issuer that is no CA", "invalid CA certificate cn=no-ca",
                intermediate("no-ca", {"basicConstraints": "CA:FALSE"}))
    yield under("issuer that is a server", "invalid CA certificate cn=server",
                issue("server-as-ca", leaf_extensions(), subject="/CN=server"))
    yield under("issuer that may not sign certificates",
                "invalid CA certificate cn=no-sign",
                intermediate("no-sign", {**CA_EXTENSIONS, "keyUsage":
                                         "critical,digitalSignature"}))
    short = intermediate("short", {**CA_EXTENSIONS, "basicConstraints":
                                   "critical,CA:TRUE,pathlen:0"})
    yield under("path length exceeded", "path length constraint exceeded",
                intermediate("longer", issuer=short), short,
                twin=below("chained-short", short))
    yield from constraints(under)


def constraints(under):
    for title, value, cause in (
            ("name not permitted", "permitted;DNS:example.net",
             "permitted subtree violation"),
            ("name excluded", "excluded;DNS:example.com",
             "excluded subtree violation")):
        name = title.replace(" ", "-")
        allowed = value.replace(*(
            ("example.net", "example.com") if "permitted" in value
            else ("example.com", "example.net")))
        twin = intermediate(name + "-twin", {**CA_EXTENSIONS,
                                             "nameConstraints": allowed})
        yield under(title, cause,
                    intermediate(name, {**CA_EXTENSIONS,
                                        "nameConstraints": value}),
                    twin=below(name + "-below", twin))
    yield under("intermediate for clients", "certificate purpose",
                intermediate("clients", {**CA_EXTENSIONS, "extendedKeyUsage":
                                         "clientAuth"}))
    yield under("unknown critical extension of the issuer",
                "unhandled critical extension cn=odd",
                intermediate("odd", {**CA_EXTENSIONS, "1.2.3.4":
                                     "critical,ASN1:UTF8String:odd"}))


def uses(good):
    for name, extensions, cause in (
            ("certificate for clients", {"extendedKeyUsage": "clientAuth"},
             "certificate purpose"),
            ("certificate for code", {"extendedKeyUsage": "codeSigning"},
             "certificate purpose"),
            ("key usage without signing and keys",
             {"keyUsage": "critical,cRLSign"}, "certificate purpose"),
            ("unknown critical extension",
             {"1.2.3.4": "critical,ASN1:UTF8String:odd"},
             "unhandled critical extension")):
        path = issue(name.replace(" ", "-"), leaf_extensions(**extensions))
        yield case(name, cause, path, good)


def strengths(good):
    """Keys and digests that can be broken."""
    strong = issue("rsa2048", leaf_extensions(), key="rsa2048")
    chained = DIRECTORY + "/chained"
    yield case("RSA with 1024 bits", "EE certificate key too weak",
               issue("rsa1024", leaf_extensions(), key="rsa1024"), strong)
    for kind in ("rsa1024", "p192"):
        yield case(f"issuer with {kind}", "CA certificate key too weak",
                   below("below-" + kind, intermediate(kind + "-ca",
                                                       key=kind)), chained)
    # ECDSA with MD5 has no name.
    rsa = intermediate("rsa-ca", key="rsa2048")
    for digest in ("sha1", "md5"):
        yield case(f"signature by {digest}", "CA signature digest",
                   below(digest, rsa, digest=digest), below("sha256", rsa))
    yield case("issuer signed by sha1", "CA signature digest",
               below("below-sha1", intermediate("sha1-ca", digest="sha1")),
               chained)
    yield case("broken signature", "certificate signature failure",
               signed_anew(issue("broken", leaf_extensions()),
                           NAME.encode(), b"id.examp1e.com", issuer=None),
               good)


def choices(good):
    """What the configuration demands beyond a good certificate."""
    right, wrong = pin(good), pin(PKI + "/other")
    ca_file = f"ca_file = {AUTHORITY}.pem\n"
    yield Case("bad pin", f"pin-mismatch cn={NAME}",
               Server(good, keys=f"{ca_file}pin_sha256 = {wrong}\n"),
               Server(good, keys=f"{ca_file}pin_sha256 = {right}\n"))
    yield Case("wrong CA", f"unknown-issuer cn={NAME} issuer=extauth test CA",
               Server(good, keys=f"ca_file = {DIRECTORY}/nobody.pem\n"),
               Server(good, keys=ca_file))
    for version in ("TLSv1", "TLSv1_1"):
        yield Case(version, "protocol", Server(
            good, options={"versions": (version, version)}), Server(good))
    yield Case("TLS 1.2 where 1.3 is the least", "protocol",
               Server(good, keys=ca_file + "minimum_tls = 1.3\n",
                      options={"versions": ("TLSv1_2", "TLSv1_2")}),
               Server(good, keys=ca_file + "minimum_tls = 1.3\n"))


def make_numbers(bits):
    """Makes the numbers of a Diffie-Hellman exchange."""
    path = f"{DIRECTORY}/dh{bits}.pem"
    run("openssl", "dhparam", "-dsaparam", "-out", path, str(bits), check=True)
    return path


def ciphers(good):
    """Ciphers without a certificate, without secrecy, of small numbers."""
    old = ("TLSv1_2", "TLSv1_2")
    strong = DIRECTORY + "/rsa2048"
    small = issue("p192", leaf_extensions(), key="p192")
    for name, ciphers_of, certificate in (
            ("anonymous", "aNULL", None), ("without encryption", "eNULL",
                                           strong),
            ("pre-shared key", "PSK", None)):
        yield Case("cipher " + name, NO_CIPHER, Server(
            certificate, options={"versions": old, "ciphers": ciphers_of}),
            Server(strong, options={"versions": old}))
    weak, enough = (Server(strong, options={
        "versions": old, "ciphers": "kDHE", "numbers": make_numbers(bits)})
        for bits in (1024, 2048))
    yield Case("weak Diffie-Hellman", "handshake: dh key too small", weak,
               enough)
    yield Case("key on a small curve", NO_CIPHER, Server(
        small, options={"versions": old}), Server(good))


def all_cases():
    """Makes every certificate and returns the cases, and the good path."""
    good = issue("good", leaf_extensions())
    kinds = (dates, names, wildcards, issuers, uses, strengths, choices,
             ciphers)
    return [case for kind in kinds for case in kind(good)], good
