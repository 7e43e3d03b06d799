"""What the benchmark teaches and what it leaves to be scored."""

import csv
import json

from benchmarks.few_shot import Annotated, first_of_each, teach, write_rest

from teaching import direction, example
from vocalmidi.profile import HeardSound

ANNOTATED = [
    Annotated(float(n), label)
    for n, label in enumerate(["kick", "snare_k", "hihat_open", "other", "kick", "hihat_closed"])
]


def test_the_first_of_each_class_are_taught_whatever_kind_they_are():
    lessons = first_of_each(ANNOTATED, 1)
    assert {name: [each.onset_s for each in taken] for name, taken in lessons.items()} == {
        "kick": [0.0],
        "snare": [1.0],
        "hihat_closed": [2.0],
    }


def test_only_sounds_at_their_annotation_are_taught():
    sounds = [
        HeardSound(n + late_s, -9.0, True, example(direction(1), n)) for n, late_s in enumerate((0, 0.01, 0.02, 0.1))
    ]
    profile, words = teach({"kick": [Annotated(float(n), "kick") for n in range(4)]}, sounds, "x")
    assert len(profile.taught[0].examples) == 3
    assert words == "kick 3 of 4"


def test_what_was_taught_is_not_scored(tmp_path):
    table = {"hits": [{"onset_s": at, "label": "kick"} for at in (0.0, 3.0, 4.0)], "notes": [1]}
    write_rest(tmp_path, "clip", ANNOTATED, table, 3.5)
    with (tmp_path / "clip.perc.csv").open(encoding="utf-8") as file:
        assert [float(row["onset_s"]) for row in csv.DictReader(file)] == [4.0, 5.0]
    heard = json.loads((tmp_path / "clip.json").read_text(encoding="utf-8"))
    assert [hit["onset_s"] for hit in heard["hits"]] == [4.0]
