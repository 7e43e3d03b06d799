"""The model card beside each network: what it is, where it came from and the hash of its file.

In: the name of a model. Out: a `ModelCard`, read from the `key: value` lines between the two `---` at the head of
`vocalmidi.models/NAME.md`. Everything below them is prose for people and is not read here.
"""

from dataclasses import dataclass
from importlib.resources import files

from vocalmidi.errors import FramesError

MODELS_PACKAGE = "vocalmidi.models"
FENCE = "---"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Who made a network and which bytes it is.

    name: of the model; NAME.onnx is its file.
    version, source, licence: of the publication the file comes from.
    sha256: 64 lower-case hex digits of NAME.onnx.
    """

    name: str
    version: str
    source: str
    licence: str
    sha256: str


def read_card(name: str) -> ModelCard:
    """Return the card of a model; raise FramesError when it is missing or incomplete."""
    if not name.isidentifier():
        raise ValueError(f"model name {name!r} must be letters, digits and underscores")
    path = files(MODELS_PACKAGE) / f"{name}.md"
    if not path.is_file():
        raise FramesError(f"model card {name}.md is not in {MODELS_PACKAGE}: reinstall vocalmidi")
    heading = _heading(path.read_text(encoding="utf-8"))
    try:
        card = ModelCard(**{key: heading[key] for key in ModelCard.__dataclass_fields__})
    except KeyError as missing:
        raise FramesError(f"model card {name}.md has no line {missing.args[0]!r}: reinstall vocalmidi") from missing
    if card.name != name:
        raise FramesError(f"model card {name}.md describes {card.name!r}: reinstall vocalmidi")
    return card


def _heading(text: str) -> dict[str, str]:
    """Return the `key: value` lines between the first two fences."""
    lines = text.splitlines()
    if not lines or lines[0] != FENCE or FENCE not in lines[1:]:
        return {}
    pairs = (line.partition(":") for line in lines[1 : lines.index(FENCE, 1)])
    return {key.strip(): value.strip() for key, _, value in pairs}
