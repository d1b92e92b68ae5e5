"""Every statement of the documentation of Python 3.15's socket module that can be tested."""

import contextlib
import warnings

import pytest
import specification

pytestmark = pytest.mark.usefixtures("isolated")


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(
    "check",
    [pytest.param(check, id=f"{heading}: {text}") for heading, text, check in specification.CHECKS],
)
def test_statement(check, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with contextlib.ExitStack() as stack, warnings.catch_warnings():
        check(specification.Toolkit(stack, "."))


def test_every_heading_of_the_documentation_has_statements():
    assert len(specification.CHECKS) > 250
    texts = [(heading, text) for heading, text, _ in specification.CHECKS]
    assert len(set(texts)) == len(texts)
