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


def test_every_option_of_convert_is_described():
    text = (ROOT / "docs" / "CLI.md").read_text(encoding="utf-8")
    options = [name for option in vocalmidi.commands["convert"].params for name in option.opts if name.startswith("--")]
    assert not [name for name in options if f"`{name}`" not in text and name != "--demo"]
