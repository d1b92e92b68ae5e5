"""The documentation of Python 3.15's socket module, statement by statement.

Each statement that can be tested is one check, under its heading in the documentation. The C twins
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
