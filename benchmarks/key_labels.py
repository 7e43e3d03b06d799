"""The keys that the symbolic sets give their songs, looked at: what each label really says, and what it should say.

pop909: estimated from the audio by a program; it takes the relative key where the song's own last chord and last note
are both the tonic of the other one (32 of 822 songs). openewld: the key signature alone, always called major: where
the last chord is the minor chord on its sixth degree, the song is in the relative minor. essen: the tonic, with the
mode lost in the ABC files (their `K: A` is written for A minor too, with accidentals): minor where the minor third on
that tonic sounds longer than the major third through the whole song (919 of 7,643, many of them modal). The rest is
left as it is: songs that modulate have one label, phrases in the dominant or in the relative key carry their song's,
and Essen's Chinese songs have the signature of their pentatonic, whichever of its five degrees they rest on (211 on the
sixth, and longer than on the first; with those called minor the figures stay within a per cent). Nothing of the
estimator is asked. `checked_key` is the key so mended, `labelled_key` the set's own.
"""

from typing import Any

from phrase_accuracy import TONICS, key_of

KeyName = tuple[int, str]


def labelled_key(record: dict[str, Any]) -> KeyName | None:
    """Return tonic and mode as the set says."""
    return key_of(record["key"])


def checked_key(record: dict[str, Any]) -> KeyName | None:
    """Return tonic and mode, mended by what the whole song tells."""
    key = labelled_key(record)
    if key is None:
        return None
    match record["id"].split("/")[0]:
        case "essen":
            return (key[0], "minor") if _third_is_minor(record, key[0]) else key
        case "pop909" | "bach":
            return _relative(key) if _ends_in(record, _relative(key), ask_note=True) else key
        case "openewld":
            other = _relative(key)
            return other if other[1] == "minor" and _ends_in(record, other, ask_note=False) else key
        case _:
            return key


def _relative(key: KeyName) -> KeyName:
    return ((key[0] + 9) % 12, "minor") if key[1] == "major" else ((key[0] + 3) % 12, "major")


def _third_is_minor(record: dict[str, Any], tonic: int) -> bool:
    sounding = [0.0] * 12
    for _, length, pitch, *_ in record["tracks"]["melody"]:
        sounding[(int(pitch) - tonic) % 12] += float(length)
    return sounding[3] > sounding[4]


def _ends_in(record: dict[str, Any], key: KeyName, *, ask_note: bool) -> bool:
    """Tell whether the last chord with a name, and the last note where asked, is the tonic of this key."""
    named = [label for _, _, label in record.get("chords") or [] if label.split(":")[0].split("/")[0] in TONICS]
    if not named or ":" not in named[-1]:
        return False
    root, quality = named[-1].split(":")[:2]
    last_note = int(max(record["tracks"]["melody"])[2]) % 12
    return (
        TONICS[root.split("/")[0]] == key[0]
        and quality.startswith("min") == (key[1] == "minor")
        and (not ask_note or last_note == key[0])
    )
