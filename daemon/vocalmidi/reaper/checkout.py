"""Which commit our scripts are of: the folder of a git checkout in, where its files can be fetched out.

Asks git, changes nothing. Scripts that differ from their commit are refused: an index would name what nobody can fetch.
"""

import subprocess
from pathlib import Path

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.reapack import Origin


def origin_of(folder: Path, url: str) -> Origin:
    """Return the origin of the files in `folder`, fetched by the address `url`.

    Raises:
        ReaperError: it is no checkout, git is missing, or files in it were changed since the last commit.
    """
    changed = _git(folder, "status", "--porcelain", "--", ".")
    if changed:
        names = ", ".join(line[3:] for line in changed.splitlines()[:3])
        raise ReaperError(f"scripts differ from the last commit ({names}); commit them, then make the index")
    commit, time = _git(folder, "show", "--no-patch", "--format=%H %cI", "HEAD").split()
    return Origin(url, commit, time)


def _git(folder: Path, *words: str) -> str:
    command = ("git", "-C", str(folder), *words)
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 -- fixed words, no shell
    except FileNotFoundError as error:
        raise ReaperError("the program git is not installed; the index names a commit that only git knows") from error
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.split())
        raise ReaperError(f"{folder} is no git checkout ({said}); run this where the scripts are developed") from error
    return told.stdout.strip()
