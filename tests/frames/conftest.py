import pytest

from vocalmidi.inference import open_model


@pytest.fixture(scope="session")
def model():
    return open_model("swift_f0", "cpu")
