"""The index by which ReaPack installs our scripts: header tags of bridge.lua and the files shipped in, index.xml out.

One package holds all files. The tags are reapack-index's (github.com/cfillion/reapack-index, scanner.rb, provides.rb),
the result is what ReaPack reads (github.com/cfillion/reapack, index_v1.cpp): each source has its address, its place
below Scripts/INDEX/CATEGORY or Data, and a checksum, so that nothing else than these very bytes is ever installed.
Reads no file and asks no network.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from string import Template
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.install import Shipped

INDEX_NAME, CATEGORY, PACKAGE = "Vocal MIDI", "Bridge", "bridge.lua"
REPOSITORY_FOLDER = "reaper_scripts"
"""Where the files lie in the repository that the addresses lead to."""
_SHA256 = "1220"
"""What comes before a SHA-256 in a multihash: its kind and its 32 bytes."""
_TAG = re.compile(r"-- @(\w+)(?: (.*))?")
_PROVIDED = re.compile(r"(?:\[([^\]]+)\] )?(.+)")
_TYPES = {"data": "data"}
_NEEDED = ("description", "version", "author", "about", "changelog", "provides")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the files can be fetched.

    url: an address with `$path` in it, and `$commit` or `$version` so that it always leads to these files.
    commit: of the repository, hexadecimal.
    time: of that commit, ISO 8601.
    """

    url: str
    commit: str
    time: str

    def __post_init__(self) -> None:
        if not re.match(r"(https?|file)://\S+$", self.url) or "$path" not in self.url:
            raise ReaperError(
                f"{self.url!r} is no address with $path in it; give one such as https://HOST/$commit/$path"
            )
        if not re.fullmatch(r"[0-9a-f]{40}", self.commit):
            raise ReaperError(f"{self.commit!r} is no commit; give its 40 hexadecimal digits")

    def address(self, name: str, version: str) -> str:
        """Return where a file is fetched from."""
        path = quote(f"{REPOSITORY_FOLDER}/{name}")
        try:
            return Template(self.url).substitute(path=path, commit=self.commit, version=version)
        except (KeyError, ValueError) as error:
            raise ReaperError(f"{self.url!r}: only $path, $commit and $version can stand in it") from error


@dataclass(frozen=True, slots=True)
class Provided:
    """A line of @provides: which files, whether they are actions, and of what kind they are ("" for scripts)."""

    pattern: str
    is_main: bool
    kind: str

    def covers(self, name: str) -> bool:
        """Return whether a file is meant; `*` stands for anything but a slash, `.` for the package's own file."""
        if self.pattern == ".":
            return name == PACKAGE
        return re.fullmatch(re.escape(self.pattern).replace(r"\*", "[^/]*"), name) is not None


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the package, and the line of @provides that it goes by."""

    file: Shipped
    provided: Provided


def index_xml(files: Sequence[Shipped], origin: Origin) -> bytes:
    """Return the whole index.

    Raises:
        ReaperError: the header lacks a tag or has one that is not understood, or a file is provided never or twice.
    """
    header = next(file for file in files if file.name == PACKAGE).content.decode("utf-8")
    tags = read_tags(header)
    version = "\n".join(tags["version"])
    sources = _sources(files, [_provided(line) for line in tags["provides"]])
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<index version="1" name={quoteattr(INDEX_NAME)} commit="{origin.commit}">',
        f"  <category name={quoteattr(CATEGORY)}>",
        f'    <reapack name="{PACKAGE}" type="script" desc={quoteattr(" ".join(tags["description"]))}>',
        f"      <metadata>\n        <description>{_cdata(rtf(tags['about']))}</description>\n      </metadata>",
        f'      <version name={quoteattr(version)} author={quoteattr(" ".join(tags["author"]))} time="{origin.time}">',
        f"        <changelog>{_cdata(chr(10).join(tags['changelog']))}</changelog>",
        *(f"        {_source(source, origin, version)}" for source in sources),
        "      </version>\n    </reapack>\n  </category>\n</index>\n",
    ]
    return "\n".join(lines).encode()


def read_tags(header: str) -> dict[str, list[str]]:
    """Return the lines of each tag in the comment that a script begins with."""
    tags: dict[str, list[str]] = {}
    name = ""
    for line in header.splitlines():
        if not line.startswith("--"):
            break
        tag = _TAG.fullmatch(line)
        if tag:
            name = tag[1]
            tags[name] = [tag[2]] if tag[2] else []
        elif name and line.startswith("--   "):
            tags[name].append(line.removeprefix("--   "))
    missing = [name for name in _NEEDED if not tags.get(name)]
    if missing:
        raise ReaperError(f"the header of {PACKAGE} has no @{', no @'.join(missing)}; write them into it")
    return tags


def rtf(lines: Sequence[str]) -> str:
    """Return text as ReaPack shows it: RTF, one paragraph."""
    escaped = " ".join(lines).replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
    units = (escaped.encode("utf-16-le")[at : at + 2] for at in range(0, len(escaped.encode("utf-16-le")), 2))
    # RTF counts characters beyond ASCII as signed 16 bits; "?" is for readers that don't know them.
    numbers = (int.from_bytes(unit, "little") for unit in units)
    return (
        "{\\rtf1\\ansi " + "".join(chr(n) if n < 128 else f"\\u{n - 65536 * (n > 32767)}?" for n in numbers) + "\\par}"
    )


def _provided(line: str) -> Provided:
    found = _PROVIDED.fullmatch(line)
    words = found[1].split() if found and found[1] else []
    unknown = [word for word in words if word not in ("main", "nomain", *_TYPES)]
    if found is None or unknown:
        raise ReaperError(f"@provides {line!r} is not understood; there are [main], [nomain] and [data]")
    kind = next((_TYPES[word] for word in words if word in _TYPES), "")
    return Provided(found[2], "main" in words, kind)


def _sources(files: Sequence[Shipped], provided: Sequence[Provided]) -> Iterator[Source]:
    for line in provided:
        if not any(line.covers(file.name) for file in files):
            raise ReaperError(f"@provides {line.pattern!r} is no file; correct it in {PACKAGE}")
    for file in files:
        lines = [line for line in provided if line.covers(file.name)]
        if len(lines) != 1:
            raise ReaperError(f"{file.name} is in {len(lines)} lines of @provides; it must be in one, in {PACKAGE}")
        yield Source(file, lines[0])


def _source(source: Source, origin: Origin, version: str) -> str:
    file, provided = source.file, source.provided
    words = [f"type={quoteattr(provided.kind)}"] if provided.kind else []
    words += ['main="main"'] if provided.is_main else []
    words += [f"file={quoteattr(file.name)}"] if file.name != PACKAGE else []
    words.append(f'hash="{_SHA256}{sha256(file.content).hexdigest()}"')
    return f"<source {' '.join(words)}>{origin.address(file.name, version)}</source>"


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
