"""The documentation of Python 3.15's socket module, statement by statement.

Each testable statement is one check, under its heading in the documentation. The counterparts in C
are in tests/core/test_specification.c.
"""

from . import (
    addresses,
    addresses_linux,
    constants,
    creating,
    data,
    functions,
    messages,
    names,
    objects,
    timeouts,
)
from .toolkit import CHECKS, Toolkit

__all__ = ["CHECKS", "Toolkit"]
MODULES = (
    addresses,
    addresses_linux,
    constants,
    creating,
    data,
    functions,
    messages,
    names,
    objects,
    timeouts,
)
