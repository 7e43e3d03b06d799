"""The panel's window as a test sees it: keys and clicks in; words, boxes and a picture out."""

from dataclasses import dataclass

SHOW = "Show panel"
KEYS = {"tab": 9, "enter": 13, "space": 32, "escape": 27, "left": 0x6C656674, "right": 0x72676874, "down": 0x646F776E}


@dataclass
class PanelWindow:
    """The window that a Reaper in memory holds, `reaper`; `turn` lets one turn pass."""

    reaper: object

    @property
    def window(self):
        return self.reaper.fake.window

    @property
    def gfx(self):
        return self.reaper.fake.gfx

    def open(self, points=1, size=None, dock=0):
        """Open it, on a screen of `points` pixels a point."""
        self.window.pixels = points
        if size:
            set_state = self.reaper.fake.api.SetExtState
            set_state("vocalmidi", "panel_place", f"{size[0]} {size[1]} {dock} 0 0", False)
        self.reaper.action(SHOW)
        self.reaper.turn(4)

    def resize(self, width, height):
        self.gfx.w, self.gfx.h = width, height
        self.reaper.turn(4)

    def key(self, *names):
        for name in names:
            self.reaper.fake.press(KEYS[name])
            self.reaper.turn(1)

    def drawn(self):
        return [dict(op.items()) for op in self.window.picture.values()]

    def words(self):
        return [op["text"] for op in self.drawn() if op["kind"] == "text"]

    def place_of(self, word):
        """Return where a word stands, in pixels."""
        (op,) = [op for op in self.drawn() if op["kind"] == "text" and op["text"] == word]
        return (op["x"] + op["right"]) / 2, (op["y"] + op["bottom"]) / 2

    def click(self, x, y, button=1):
        self.gfx.mouse_x, self.gfx.mouse_y, self.gfx.mouse_cap = x, y, button
        self.reaper.turn(1)
        self.gfx.mouse_cap = 0
        self.reaper.turn(1)

    def wheel(self, x, y, turn):
        self.gfx.mouse_x, self.gfx.mouse_y, self.gfx.mouse_wheel = x, y, turn
        self.reaper.turn(1)
