#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl registry upgrade, and the format and flags that a change leaves."""
import base64
import os
import stat
import struct
import zlib

from ctl import REGISTRY, configure, document, good, main, run

# alice in group one, and one who was removed, as the first version wrote them.
FIRST = {"registry": (
    "c-nJ~2yqMz@d#pMfB<GF-2h`iC2pW{G3c3`a^^fQGMU9hpT@N8NtwyO1QF+e$~&O(8_@U%"
    "(D*Qi!1bf?pPQZ(bre20n}JNgC$_4Nt^1gk2FUHgs&AQq7CJ4oC<pn64T$seQW+9+GLutb"
    "_5<<uz1H7A&Ts~*17T$ISkTN*2N{3_3V?XI;L=Et`Hn!nj!?T`fE9?j88{gP!8|swTcGyq"
    "XXNLm>O(mCNtt>2Nr}Z75XU*BRwU*Y<fQ5)=jQ^o<tFBpCgw2E5_n`u{nAC^pE?t{Ruzx>"
    "9}6OQbcrz6V(YVb1v2c1fea^IQ3VR@hk-k*U(eHJpdSDL1uaXu"), "nss": (
    "c-nJ~2yqMz@d#pMU|?VZVrB*iXkdae7@>SrE}VveSxHM9^rcQq^{)&S?mT9o*#K3*0hK?1"
    "#%Ewc<vXD9;r8R;n;*I1EVO({76X}}PkH8RnV*R-HGu4y!m4kXfIfFxXi*MwCL0jv=cO_v"
    "=42+PLe)nAarM3YsUUerpgKpWS{PsjVr~XbI3HvdRKI>ker~EhgrlF7nWvwWSe(H?Az=2Z"
    "l~o1OlP>I#R%M_Zth9A*QJ|y!HJVQILG}RvurxOE")}
ENUMERATE, NO_MAP = 1, 4


def put_first():
    """Puts the files of the first version in place."""
    for name, text in FIRST.items():
        with open(f"{REGISTRY}/{name}", "wb") as file:
            file.write(zlib.decompress(base64.b85decode(text)))
        os.chmod(f"{REGISTRY}/{name}", 0o600 if name == "registry" else 0o644)


def header(name):
    """Gives version, flags and generation."""
    with open(f"{REGISTRY}/{name}", "rb") as file:
        return struct.unpack_from("<IIQ", file.read(), 8)


def formats():
    """Gives the versions of both files."""
    return [header(name)[0] for name in ("registry", "nss")]


def new_registry_has_the_newest_format():
    good("user", "add", "bob", "--email", "bob@example.com")
    assert formats() == [2, 2]
    assert "format 2 already" in good("registry", "upgrade").stdout
    assert header("registry")[2] == 1


def old_format_is_kept_until_it_is_upgraded():
    put_first()
    before = good("user", "export", "--json").stdout
    good("user", "add", "bob", "--email", "bob@example.com", "--group", "one")
    assert formats() == [1, 1]
    good("user", "disable", "bob")
    good("user", "remove", "bob")
    assert formats() == [1, 1]
    generation = header("registry")[2]
    assert document("registry", "upgrade") == {
        "format": 2, "format_before": 1}
    assert formats() == [2, 2]
    assert header("registry")[2] == header("nss")[2] == generation + 1
    names = [user["name"] for user in document("user", "list")]
    assert names == ["alice"], names
    put_first()
    good("registry", "upgrade")
    assert good("user", "export", "--json").stdout == before
    assert "alice" in good("user", "show", "alice").stdout


def upgrade_is_looked_up_by_nss():
    put_first()
    for _ in range(2):
        found = run_getent("passwd", "alice")
        assert found.startswith("alice:*:2000200001:"), found
        assert run_getent("group", "alice").startswith("alice:"), "private"
        assert run_getent("group", "one").endswith(":alice\n"), "group"
        good("registry", "upgrade")


def run_getent(database, name):
    """What programs are told."""
    return os.popen(f"getent {database} {name}").read()


def upgrade_needs_a_registry():
    done = run("registry", "upgrade")
    assert done.returncode == 1 and "nobody" in done.stderr, done.all


def files_keep_owner_and_mode():
    put_first()
    good("registry", "upgrade")
    for name, mode in (("registry", 0o600), ("nss", 0o644)):
        status = os.stat(f"{REGISTRY}/{name}")
        assert stat.S_IMODE(status.st_mode) == mode and status.st_uid == 0


def flags_follow_the_configuration_at_the_next_change():
    configure(general="enumerate = yes\nmap_registry = no")
    good("user", "add", "bob", "--email", "bob@example.com")
    for name in ("registry", "nss"):
        assert header(name)[1] & ~2 == ENUMERATE | NO_MAP, name
    configure()
    assert header("nss")[1] & ~2 == ENUMERATE | NO_MAP
    good("user", "add", "carl", "--email", "carl@example.com")
    for name in ("registry", "nss"):
        assert header(name)[1] & ~2 == 0, name


def old_format_has_no_flag_that_its_readers_do_not_know():
    put_first()
    configure(general="map_registry = no")
    good("user", "add", "bob", "--email", "bob@example.com")
    assert header("nss")[:2] == (1, 2)
    good("registry", "upgrade")
    assert header("nss")[:2] == (2, 2 | NO_MAP)


main([value for value in list(globals().values())
      if callable(value) and getattr(value, "__module__", "") == "__main__"
      and value.__name__ not in ("put_first", "header", "formats",
                                 "run_getent")])
