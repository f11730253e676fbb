#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What tests/static.d/explained says is of the form that it should be, of
functions that are there.

usage: static.py BUILD-DIRECTORY
"""
import os
import sys

from gate import check, finish

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../static.d"))
from explained import read_explained  # noqa: E402

explained, problems = read_explained()
check("every explanation is well formed", problems)
check("there are some", [] if explained else ["the file is empty"])
finish()
