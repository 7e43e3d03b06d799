"""The rules of ReaPack's index, as ReaPack reads it and reapack-index writes it, for holding an index against them.

Written from what these do (github.com/cfillion/reapack: index_v1.cpp, index.cpp, package.cpp, version.cpp, source.cpp,
remote.cpp, hash.cpp; github.com/cfillion/reapack-index: index.rb, scanner.rb, package.rb, cdetector.rb), not from ours.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

TYPES = {
    "script": ("lua", "eel", "py"), "extension": ("ext",), "effect": ("jsfx",), "data": ("data",), "theme": ("theme",),
    "langpack": ("reaperlangpack",), "webinterface": ("www",), "projecttpl": ("rpp",), "tracktpl": ("rtracktemplate",),
    "midinotenames": ("txt",), "autoitem": ("reaperautoitem",), "keymap": ("reaperkeymap",),
}  # fmt: skip
PLATFORMS = ("all", "windows", "win32", "win64", "windows-arm64ec", "darwin", "darwin32", "darwin64", "darwin-arm64")
PLATFORMS += ("linux", "linux32", "linux64", "linux-armv7l", "linux-aarch64")
SECTIONS = ("main", "midi_editor", "midi_inlineeditor", "midi_eventlisteditor", "mediaexplorer", "crossfade_editor")
KNOWN = {  # element → its attributes, and the elements in it
    "index": (("version", "name", "commit"), ("category", "metadata")),
    "category": (("name",), ("reapack",)),
    "reapack": (("name", "type", "desc"), ("metadata", "version")),
    "metadata": ((), ("description", "link")),
    "description": ((), ()),
    "link": (("rel", "href"), ()),
    "version": (("name", "author", "time"), ("changelog", "source")),
    "changelog": ((), ()),
    "source": (("platform", "type", "file", "main", "hash"), ()),
}
NAME = re.compile(r'[^*\\:<>?/|"\x00-\x1f\x7f]{4,24}')
NO_NAME = re.compile(r"[. ].*|.+[. ]|CLOCK\$|COM\d|LPT\d", re.IGNORECASE)
FILE_NAME = re.compile(r'[^*\\:<>?|"\x00-\x1f\x7f]+')
URL = re.compile(r"(?:https?|file)://(?:[a-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[a-f0-9]{2})+", re.IGNORECASE)
HASH = re.compile(r"1220[0-9a-f]{64}")
MOST = 65535
FOLDERS = {"script": "Scripts", "effect": "Effects", "data": "Data", "extension": "UserPlugins"}


def faults(content: bytes) -> list[str]:
    """Return what is wrong with an index, in words; nothing where it is right."""
    try:
        root = ET.fromstring(content)
    except ET.ParseError as error:
        return [f"not XML: {error}"]
    return [*_shape(root), *_index(root)]


def _shape(element: ET.Element) -> Iterator[str]:
    attributes, inside = KNOWN.get(element.tag, ((), ()))
    if element.tag not in KNOWN:
        yield f"unknown element {element.tag}"
    yield from (f"unknown attribute {name} of {element.tag}" for name in element.attrib if name not in attributes)
    for child in element:
        if child.tag not in inside:
            yield f"{child.tag} stands in {element.tag}"
        yield from _shape(child)


def _index(root: ET.Element) -> Iterator[str]:
    if root.tag != "index" or root.get("version") != "1":
        yield "not an index of version 1"
    name = root.get("name", "")
    if not NAME.fullmatch(name) or NO_NAME.fullmatch(name):
        yield f"index name {name!r}"
    if not re.fullmatch(r"[0-9a-f]{40}", root.get("commit", "")):
        yield f"commit {root.get('commit')!r}"
    if not list(root.iter("source")):
        yield "nothing to install"
    for category in root.findall("category"):
        where = category.get("name", "")
        if not where or not all(map(is_file_name, PurePosixPath(where).parts)):
            yield f"category name {where!r}"
        for package in category.findall("reapack"):
            yield from _package(package, name, where)


def _package(package: ET.Element, index: str, category: str) -> Iterator[str]:
    name, kind = package.get("name", ""), package.get("type", "")
    if kind not in TYPES:
        yield f"package type {kind!r}"
    elif name.rsplit(".", 1)[-1] not in TYPES[kind] or not is_file_name(name):
        yield f"package name {name!r}"
    if not package.get("desc"):
        yield f"{name} has no desc"
    about = package.findtext("metadata/description")
    if about is not None and not about.startswith("{\\rtf"):
        yield f"the description of {name} is no RTF"
    versions = package.findall("version")
    if not versions:
        yield f"{name} has no version"
    normal = [tuple(int(each) if each.isdigit() else each for each in segments(v.get("name", ""))) for v in versions]
    if len(set(normal)) < len(normal):
        yield f"{name} has a version twice"
    for version in versions:
        yield from _version(version)
        yield from _sources(version, package, index, category)


def segments(version: str) -> list[str]:
    return re.findall(r"\d+|[a-zA-Z]+", version)


def _version(version: ET.Element) -> Iterator[str]:
    name = version.get("name", "")
    if not re.match(r"\d", name) or "\n" in name or any(s.isdigit() and int(s) > MOST for s in segments(name)):
        yield f"version {name!r}"
    if not version.get("author"):
        yield f"version {name} has no author"
    try:
        if datetime.fromisoformat(version.get("time", "")).tzinfo is None:
            yield f"time {version.get('time')!r} has no zone"
    except ValueError:
        yield f"time {version.get('time')!r}"
    if version.find("changelog") is not None and not version.findtext("changelog"):
        yield f"the changelog of {name} is empty"


def _sources(
    version: ET.Element, package: ET.Element, index: str, category: str
) -> Iterator[str]:  # fmt: skip
    sources = version.findall("source")
    if not sources:
        yield f"version {version.get('name')} has no source"
    elif package.get("type") in ("script", "effect") and not any(source.get("main") for source in sources):
        yield "no source is an action"
    taken: set[str] = set()
    for source in sources:
        file = source.get("file") or package.get("name", "")
        yield from _source(source, file)
        place = target(source, package, index, category)
        if place is None:
            yield f"{file} goes out of its folder"
        elif (key := f"{source.get('platform', 'all')} {place}".lower()) in taken:
            yield f"{file} is there twice"
        else:
            taken.add(key)


def _source(source: ET.Element, file: str) -> Iterator[str]:
    if not URL.fullmatch(source.text or ""):
        yield f"address {source.text!r}"
    if source.get("platform", "all") not in PLATFORMS:
        yield f"platform {source.get('platform')!r}"
    if source.get("type", "script") not in TYPES:
        yield f"source type {source.get('type')!r}"
    unknown = [section for section in source.get("main", "main").split(" ") if section not in SECTIONS]
    if unknown:
        yield f"section {unknown[0]!r}"
    if source.get("hash") is not None and not HASH.fullmatch(source.get("hash", "")):
        yield f"hash {source.get('hash')!r}"
    if not all(part == ".." or is_file_name(part) for part in file.split("/")):
        yield f"file name {file!r}"


def is_file_name(name: str) -> bool:
    """Return whether all three systems take a file of this name."""
    return bool(FILE_NAME.fullmatch(name)) and not NO_NAME.fullmatch(name)


def target(
    source: ET.Element, package: ET.Element, index: str, category: str
) -> PurePosixPath | None:  # fmt: skip
    """Return where ReaPack puts a source, below the resource folder; None where it would leave its own folder."""
    kind = source.get("type") or package.get("type", "")
    file = source.get("file") or package.get("name", "")
    own = [FOLDERS.get(kind, kind)] + ([index] if kind in ("script", "effect") else [])
    parts = [*own, *(category.split("/") if kind in ("script", "effect") else [])]
    for part in file.split("/"):
        if part != "..":
            parts.append(part)
        elif kind not in ("script", "effect") or len(parts) <= len(own):
            return None
        else:
            parts.pop()
    return PurePosixPath(*parts)


def targets(content: bytes) -> dict[PurePosixPath, ET.Element]:
    """Return where each source of the newest version goes, as ReaPack would install it."""
    root = ET.fromstring(content)
    found: dict[PurePosixPath, ET.Element] = {}
    for category in root.findall("category"):
        for package in category.findall("reapack"):
            for source in package.findall("version")[-1].findall("source"):
                place = target(source, package, root.get("name", ""), category.get("name", ""))
                assert place is not None
                found[place] = source
    return found
