import pytest

from vocalmidi.inference import open_model


@pytest.fixture(scope="session")
def model():
    return open_model("voice_considered", "cpu")


@pytest.fixture(scope="session")
def timbre():
    return open_model("timbre", "cpu")


@pytest.fixture(scope="session")
def live_model():
    return open_model("voice_live", "cpu")
