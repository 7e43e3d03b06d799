"""The documents are held to the tree: their links lead somewhere, and the commands they name exist."""

import re

import pytest

from needs import ROOT
from vocalmidi.cli import vocalmidi

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "models").glob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_relative_link_leads_somewhere(document):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_named_exists(document):
    words = re.findall(r"[`/]vocalmidi ([a-z]+)", document.read_text(encoding="utf-8"))
    assert set(words) <= set(vocalmidi.commands)


def test_every_benchmark_named_exists():
    text = "".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    named = set(re.findall(r"benchmarks/\w+\.py", text))
    assert named
    assert not [name for name in named if not (ROOT / name).exists()]


def test_every_benchmark_is_named_in_the_way_it_runs():
    text = "".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    as_file = set(re.findall(r"python benchmarks/(\w+)\.py", text))
    as_module = set(re.findall(r"python -m benchmarks\.(\w+)", text))
    assert as_file
    assert as_module
    files = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "benchmarks").glob("*.py")}
    # A file finds its folder's others by their bare names, a module finds them as benchmarks.NAME.
    bare = re.compile(rf"^(?:from|import) (?:{'|'.join(files)})\b", re.MULTILINE)
    whole = re.compile(r"^(?:from|import) (?:benchmarks|training)\b", re.MULTILINE)
    assert not [name for name in as_file if whole.search(files[name])]
    assert not [name for name in as_module if bare.search(files[name])]


def test_every_option_of_convert_is_described():
    text = (ROOT / "docs" / "CLI.md").read_text(encoding="utf-8")
    options = [name for option in vocalmidi.commands["convert"].params for name in option.opts if name.startswith("--")]
    assert not [name for name in options if f"`{name}`" not in text and name != "--demo"]
