"""The file of a voice profile: text that a person can read, whole or refused.

In and out: a path and a `VoiceProfile`. The file is JSON, a line for each example: a format and a version, a checksum
(SHA-256 of everything else in one canonical spelling), the encoder's hash, and the sounds in the order taught. Each
example has its embeddings, and its sound as base64 of 16-bit samples at 16 kHz. What corrections say is a row a note,
phrase by phrase; a file that has none is of version 1, which an older vocalmidi reads too. A file that is damaged, cut
off or of a newer version is refused and left as it is; nothing here ever removes or mends one.
"""

import base64
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from vocalmidi.errors import ProfileError
from vocalmidi.files import write_whole
from vocalmidi.profile.habits import Habits
from vocalmidi.profile.learning import MOST_EXAMPLES, MOST_TAUGHT, check_name
from vocalmidi.profile.verdicts import MOST_VERDICTS, row_of, verdict_of
from vocalmidi.profile.voice_profile import Example, Taught, VoiceProfile
from vocalmidi.values import Floats, Trigger

FORMAT = "vocalmidi voice profile"
VERSION = 2
"""2: with what corrections say of the singer."""
PLAIN_VERSION = 1
MOST_BYTES = 16_000_000
"""Three times a profile with as many sounds and examples as there can be."""
MOST_SAMPLES = 16_000
"""Of an example: a second, four times what any encoder has been shown."""
_DIGITS = 6
"""Of embeddings: a hundredth of what float16 would keep."""

Json = dict[str, Any]
T = TypeVar("T")


def read_profile(path: Path) -> VoiceProfile:
    """Return the profile at `path`; raise ProfileError, and leave the file as it is, where it can't be used."""
    table = _table(path)
    version = table.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _damaged(path, "it has no version")
    if version > VERSION:
        raise ProfileError(
            f"{path}: this profile is of version {version}, this vocalmidi reads up to {VERSION}; update vocalmidi, or "
            "use another profile; the file is left as it is"
        )
    if table.get("checksum") != _checksum(table):
        raise _damaged(path, "its checksum is wrong")
    try:
        sounds = tuple(_taught(each) for each in _few(table["sounds"], MOST_TAUGHT))
        rows = _few(table["corrections"], MOST_VERDICTS) if version > PLAIN_VERSION else []
        return VoiceProfile(str(table["encoder"]), sounds, Habits(tuple(map(verdict_of, rows))))
    except (KeyError, TypeError, ValueError, ProfileError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error


def write_profile(path: Path, profile: VoiceProfile) -> None:
    """Write the profile, whole or not at all; its folder is made where it is missing.

    Raises:
        ProfileError: it can't be written; what was there before is still there.
    """
    try:
        place = path.resolve()  # a link to a profile elsewhere stays one
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, profile_text(profile).encode())
    except OSError as error:
        raise ProfileError(
            f"{path}: can't write the voice profile ({error.strerror}); choose another place with --profile"
        ) from error


def profile_text(profile: VoiceProfile) -> str:
    """Return the profile as the text of its file."""
    sounds = [_sound_table(each) for each in profile.taught]
    rows = list(map(row_of, profile.habits.verdicts))
    said: Json = {"corrections": rows} if rows else {}
    head: Json = {"format": FORMAT, "version": VERSION if rows else PLAIN_VERSION, "encoder": profile.encoder}
    head["checksum"] = _checksum({**head, **said, "sounds": sounds})
    lines = [f"{json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    if rows:
        lines += ['"corrections": [', ",\n".join(map(json.dumps, rows)), "],"]
    return "\n".join(["{", *lines, '"sounds": [', *_sound_lines(sounds), "]", "}", ""])


def _sound_lines(sounds: list[Json]) -> Iterator[str]:
    for n, sound in enumerate(sounds):
        head = ", ".join(f"{json.dumps(key)}: {json.dumps(sound[key])}" for key in ("name", "pitch_midi"))
        yield "{" + head + ', "examples": ['
        yield ",\n".join(json.dumps(example) for example in sound["examples"])
        yield "]}" + ("," if n + 1 < len(sounds) else "")


def _sound_table(taught: Taught) -> Json:
    return {
        "name": taught.name,
        "pitch_midi": taught.pitch_midi,
        "examples": [
            {
                "hit_share": _rounded(example.hit_share),
                "spectrum": [_rounded(row) for row in example.spectrum],
                "label_share": [_rounded(row) for row in example.label_share],
                "embedding": [_rounded(row) for row in example.embedding],
                "sound": base64.b64encode(example.sound.astype("<i2").tobytes()).decode("ascii"),
            }
            for example in taught.examples
        ],
    }


def _rounded(row: Floats) -> list[float]:
    return [round(float(x), _DIGITS) for x in row]


def _taught(table: Json) -> Taught:
    name, pitch_midi = check_name(table["name"]), table["pitch_midi"]
    if pitch_midi is not None:
        Trigger(name, pitch_midi)  # refuses a key that is none
    examples = tuple(_example(each) for each in _few(table["examples"], MOST_EXAMPLES))
    if not examples:
        raise ValueError(f"{name} has no examples")
    taught = Taught(name, pitch_midi, examples)
    if taught.trigger is None and taught.is_own:
        raise ValueError(f"{name} has no pitch")
    return taught


def _example(table: Json) -> Example:
    raw = base64.b64decode(table["sound"], validate=True)
    if len(raw) > 2 * MOST_SAMPLES:
        raise ValueError(f"an example of {len(raw) // 2} samples is longer than {MOST_SAMPLES}")
    return Example(
        np.frombuffer(raw, "<i2").astype(np.int16),
        np.array(table["embedding"], np.float32),
        np.array(table["label_share"], np.float32),
        np.array(table["hit_share"], np.float32),
        np.array(table["spectrum"], np.float32),
    )


def _few(entries: list[T], most: int) -> list[T]:
    if not isinstance(entries, list) or len(entries) > most:
        raise ValueError(f"more than {most} entries, or none")
    return entries


def _table(path: Path) -> Json:
    try:
        if path.exists() and not path.is_file():
            raise ProfileError(f"{path}: this is not an ordinary file; name a voice profile with --profile")
        if path.stat().st_size > MOST_BYTES:
            raise _damaged(path, "it is far too long")
        table = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ProfileError(
            f"{path}: there is no such voice profile; teach a sound with vocalmidi profile learn, or use --profile none"
        ) from None
    except OSError as error:
        raise ProfileError(f"{path}: the voice profile can't be read ({error.strerror}); change its rights") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(path, "it is cut off or garbled") from error
    if not isinstance(table, dict) or table.get("format") != FORMAT:
        raise _damaged(path, "it does not begin as one")
    return table


def _damaged(path: Path, why: str) -> ProfileError:
    return ProfileError(
        f"{path}: this is not a whole voice profile, {why}; put a copy of it back, move it away and teach anew, or "
        "use --profile none; the file is left as it is"
    )


def _checksum(table: Json) -> str:
    rest = {key: value for key, value in table.items() if key != "checksum"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode("ascii")).hexdigest()
