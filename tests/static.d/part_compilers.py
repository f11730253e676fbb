# SPDX-License-Identifier: MIT
"""Both compilers, and gcc as a distribution might build: no warning."""
from tools import build, check, end_of, figure, warnings

# What the project's own meson.build asks for is more than -Wall -Wextra.
WAYS = {
    "gcc": ("gcc", "-Dtests=false"),
    "gcc -O3 -flto": ("gcc", "-Dtests=false", "-Doptimization=3",
                      "-Db_lto=true", "-Ddebug=true"),
    "gcc -O0": ("gcc", "-Dtests=false", "-Dbuildtype=debug"),
    "clang": ("clang", "-Dtests=false"),
    "clang -O3": ("clang", "-Dtests=false", "-Doptimization=3"),
}


def compilers():
    count = 0
    for name, (compiler, *options) in WAYS.items():
        _, result = build("compiler", compiler, "-Dwerror=false", *options)
        found = warnings(result.stdout)
        count += len(found)
        check(f"{name} compiles without a warning", end_of(result) + found)
    figure("compilers", len(WAYS))
    figure("compiler_warnings", count)
