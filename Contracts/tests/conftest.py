from contextlib import contextmanager

import pytest
from chain import Reverted
from registry import Registry


@pytest.fixture
def registry():
    """A fresh contract, 2 of 3 signers, on a fresh chain."""
    return Registry.new()


@pytest.fixture
def refuses():
    """`with refuses("text")`: what is inside reverts with exactly that reason."""

    @contextmanager
    def check(reason: str):
        with pytest.raises(Reverted) as caught:
            yield
        assert str(caught.value) == reason

    return check
