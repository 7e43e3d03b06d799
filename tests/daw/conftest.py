import pytest

from app.studio import Studio
from vocalmidi.app.ears import open_ears


@pytest.fixture(scope="package")
def ears():
    return open_ears("cpu")


@pytest.fixture
def open_studio(tmp_path, ears):
    """Open a studio with these settings; at the end its Reaper is held against the rules."""
    opened = []

    def open_one(**settings):
        folder = tmp_path / str(len(opened))
        folder.mkdir()
        opened.append(Studio(folder, ears, **settings))
        return opened[-1]

    yield open_one
    for studio in opened:
        studio.reaper.check()
