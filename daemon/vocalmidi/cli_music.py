"""The options of the command line that say how an arrangement is made: those of [music] in the settings.

A command that takes them gets each by the name of its setting, None where it was not given.
"""

from collections.abc import Callable

import click

from vocalmidi.config import BEND_WORDS, GRIDS, INSTRUMENT_WORDS, MELODY_WORDS, OCTAVES, SCALE_WORDS


def music_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how an arrangement is made; unset ones are left to the settings."""
    for option in reversed(
        [
            click.option("--genre", help="Style of the arrangement, for example jazz or hip_hop."),
            click.option("--parts", help="Comma-separated, or all."),
            click.option("--tempo", help="Quarter notes a minute, or auto."),
            click.option("--key", help="For example 'C minor', or auto."),
            click.option("--meter", help="For example 3/4, or auto."),
            click.option("--seed", type=int, help="Another seed is another take of chords, bass and drums."),
            click.option("--mood", help="Colour of the genre: plain, happy, sad, calm, driving, dark."),
            click.option("--swing", metavar="auto|50–75", help="Percent; 50: straight; auto: as the genre."),
            click.option("--density", type=click.IntRange(0, 100), help="Percent; 50: as many strokes as the genre."),
            click.option("--complexity", type=click.IntRange(0, 100), help="Percent; 50: as intricate as the genre."),
            click.option("--chords", type=click.Choice(["likely", "free"]), help="Those that fit best, or drawn."),
            click.option("--melody", type=click.Choice(MELODY_WORDS), help="The sung notes, or a variation of them."),
            click.option(
                "--reseed", metavar="PART[=SEED],…", help="Roll these parts again by themselves, such as drums=7,bass."
            ),
            click.option("--continue-bars", type=click.IntRange(0, 64), help="Go on for so many bars, in all parts."),
            click.option("--bend", type=click.Choice(BEND_WORDS), help="Keep the sung pitch curve as bends."),
            click.option("--bend-as", metavar="wheel|mpe|ccN", help="What carries that curve; N is a controller."),
            click.option("--expression", metavar="off|pressure|ccN", help="What carries how loud the voice is."),
            click.option("--grid", type=click.Choice(GRIDS), help="Note value to draw notes to; auto: what was meant."),
            click.option("--feel", type=click.IntRange(0, 100), help="Percent of how humans play the genre."),
            click.option(
                "--quantise", type=click.IntRange(0, 100), help="Percent from as sung (0) to on the grid (100)."
            ),
            click.option(
                "--scale-lock", type=click.Choice(SCALE_WORDS), help="Write each note on the nearest tone of a scale."
            ),
            click.option("--octave", type=click.IntRange(OCTAVES[0], OCTAVES[-1]), help="Octaves higher than sung."),
            click.option(
                "--loop-bars",
                type=click.IntRange(0, 64),
                help="A loop of so many bars is sung several times: write what most passes agree on.",
            ),
            click.option(
                "--instrument",
                type=click.Choice(INSTRUMENT_WORDS),
                help="What the voice stands for: its notes go to that part.",
            ),
        ]
    ):
        command = option(command)
    return command
