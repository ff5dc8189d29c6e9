"""What holds for all tests.

Fixtures: a fixture lives in the `conftest.py` of the room whose tests use it; one that a single file uses lives in that
file. What is dear to make is made once: servers (`tests/servers`) once for a test session, worlds that many tests only read
once for a session or a module. A test that changes such a world gets a copy. Every fixture closes what it opened.

Properties: `ci` is the profile without being asked. The same examples come every time, so a failure is the change's own.
`soak` (see `make soak`) draws new ones, and many more; `tests/properties.py` holds the numbers.
"""

from __future__ import annotations

import pytest
from hypothesis import is_hypothesis_test

from tests import properties

properties.load_profile()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the property tests: `pytest -m property` runs them alone."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.property)
