"""docs/OSC.md, made from the table of addresses."""

from vocalmidi.control.arguments import Kind
from vocalmidi.control.codec import MAX_BYTES
from vocalmidi.control.limits import MOST_A_SECOND
from vocalmidi.control.schedule import MAX_AHEAD_S, MAX_WAITING
from vocalmidi.control.subscribers import LEASE_S, MAX_SUBSCRIBERS
from vocalmidi.control.table import FEEDBACK, Entry, Feedback, entries

_HEAD = f"""# Control by OSC

`vocalmidi osc addresses -o docs/OSC.md` writes this page from `daemon/vocalmidi/control/table.py`, by which every
message is judged.

`vocalmidi run` listens on UDP 127.0.0.1:9010. For a phone or tablet, in the settings file:

```toml
[osc]
bind = "0.0.0.0"             # or this computer's address on that network
allow = "192.168.1.0/24"     # who may speak; nobody else is answered
```

Then TouchOSC's connections find *Vocal MIDI* under Browse (`_osc._udp`; `advertise = false` stops that). The layout
for it is `vocalmidi touchosc export vocalmidi.tosc`, for a phone with `--device phone`:

![The phone's pages](touchosc_phone.png)

![The tablet's: everything on one, and the others wide](touchosc.png)

In TouchOSC: Connections, OSC, connection 1, UDP; host and send port as above, **receive port 9011**. The layout
subscribes by itself.

## How it speaks

- **Subscribe** and all state comes at once, then every change on its own address, whoever made it: another
  controller, the panel in Reaper, an action. The lease is {LEASE_S:.0f} s; any message renews it. Answers go to the
  port named, on the host that asked, else back to where the message came from. At most {MAX_SUBSCRIBERS} are
  subscribed.
- **A number** may be an integer, a float, a boolean or a numeric string. **A button** sends anything but 0, or
  nothing; the 0 of its release does nothing.
- **What is wrong** (type, range, address, or no OSC at all) gives one `/vocalmidi/error` in words to who sent it,
  changes nothing, and a subscriber is told the state that still holds.
- **Bundles** are carried out together and in order, and answered as bundles. **Time tags** hold: late ones at once,
  future ones on time, up to {MAX_AHEAD_S:.0f} s ahead and {MAX_WAITING} messages. **Patterns** work:
  `/vocalmidi/part/*/lock 1`.
- **Bounds**: {MAX_BYTES} bytes a packet, {MOST_A_SECOND} packets a second from all together; more, and who is not
  allowed, is passed over without an answer.
- Nothing that is received is ever a path, a command or code.

## What is played live

While `live` is on, [what is sung is played](LIVE.md) at the MIDI port of the settings, and `note` and `hit` tell
subscribers of it as it is sung: the key nearest to the voice, before octave, scale and bend. Without a MIDI port `live`
begins off; switched on, it listens for notes only while somebody is subscribed. `live/bend` and its neighbours hold for
live playing, `bend` and `octave` for that and for what is written. A setting that contradicts another (chords of a key,
and no `key`) is refused. `panic` ends all notes at the port at once, also while Reaper is busy or not there.

## What needs Reaper

What needs Reaper (marked *Reaper*) is asked of the bridge inside it, as its actions are, and is about the
arrangement that is selected or was written last; `written` or `error` tells what became of it. Without a running
bridge that is an error in words.

## From a controller

| address | arguments | what it does |
| --- | --- | --- |
"""
_ECHO = """
Addresses marked ↺ echo their state. `quantize` is the setting `quantise`. Settings hold until the daemon ends; the
settings file stays.

## From Vocal MIDI

| address | arguments | what it tells |
| --- | --- | --- |
"""
_TRY = """
Beside them comes every address marked ↺. Meters come at most 30 times a second, and only when they moved.

## Try it

```
oscdump 9011 &                                             # Debian: liblo-tools
oscsend localhost 9010 /vocalmidi/subscribe i 9011         # all state appears
oscsend localhost 9010 /vocalmidi/genre s jazz
oscsend localhost 9010 /vocalmidi/part/drums/enabled i 0
oscsend localhost 9010 /vocalmidi/write                    # what was just sung, into Reaper
```

| what | figure | command |
| --- | --- | --- |
"""
REAPER_ACTIONS = frozenset(
    {"lock", "write", "write_audio", "write_selection", "write_bars", "arrange", "regenerate", "continue"}
)
"""What the bridge inside Reaper has to carry out."""


def document(figures: str = "") -> str:
    """Return the whole page; figures: rows of what was measured, as they stand in the page already."""
    sent = "".join(f"| {_address(each)} | {_arguments(each)} | {_effect(each)} |\n" for each in entries())
    told = "".join(f"| `{each.address}` | {_told(each)} | {each.meaning} |\n" for each in FEEDBACK)
    return f"{_HEAD}{sent}{_ECHO}{told}{_TRY}{figures}"


def figures_of(page: str) -> str:
    """Return the rows of figures of a page that is there, which people write."""
    return page.partition(_TRY)[2]


def _address(entry: Entry) -> str:
    return f"`{entry.address}`{' ↺' if entry.has_state else ''}"


def _effect(entry: Entry) -> str:
    return entry.effect + (" · *Reaper*" if entry.action in REAPER_ACTIONS else "")


def _arguments(entry: Entry) -> str:
    words = [_kind(kind, is_needed=n < entry.needed) for n, kind in enumerate(entry.arguments)]
    return "<br>".join(words) or ("button" if entry.is_momentary else "–")


def _kind(kind: Kind, *, is_needed: bool) -> str:
    text = f"{kind.tags} {kind.name}: {kind.range_text}"
    return text if is_needed else f"[{text}]"


def _told(feedback: Feedback) -> str:
    return "<br>".join(_kind(kind, is_needed=True) for kind in feedback.arguments)
