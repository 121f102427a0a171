"""What an instruction can change about the whole picture: light, camera, surface, backdrop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.engines.studio.clauses import Clause
from core.engines.studio.describing import merged
from core.engines.studio.framing import framed
from core.engines.studio.lexicon import Token
from core.engines.studio.phrases import Phrase
from core.engines.studio.scene import Backdrop, Camera, Light, Scene, Surface
from core.engines.studio.styling import (
    backdrop_of,
    camera_with,
    lens_with,
    light_of,
    light_words,
    surface_of,
)

_BRIGHTER = {"brighter": 1.35, "lighter": 1.35, "darker": 0.7, "dimmer": 0.7, "stronger": 1.35,
             "weaker": 0.7}  # fmt: skip
_MOODS = {"warmer": "golden hour", "cooler": "overcast", "colder": "overcast",
          "moodier": "low key", "dramatic": "low key",
          "cosy": "candle light", "cozy": "candle light",
          "softer": "soft light", "harder": "hard light"}  # fmt: skip


@dataclass
class Surroundings:
    """A scene on its way through the clauses of an instruction.

    `did`: what has changed, in words. `touched`: ids of things that were added or moved and so
    must be in view. `last`: what the clause before was about.
    """

    scene: Scene
    did: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)

    def settings(self, clause: Clause) -> tuple[Token, ...]:
        """Apply lights, camera words and transparency; what is left of the clause."""
        return tuple([token for token in clause.row if not self._setting(token, clause)])

    def _setting(self, token: Token, clause: Clause) -> bool:
        if token.may("transparent"):
            self.become(
                self.scene.model_copy(update={"transparent": True}), "transparent background"
            )
        elif token.may("light") and not token.may("noun"):
            light = light_of(token.text, self.scene.light)
            self._relight(light, light_words(light))
        elif token.may("camera"):
            self._aim(camera_with(self.scene.camera, token.text), token.text)
        elif token.may("lens"):
            self._aim(lens_with(self.scene.camera, token.text), token.text)
        elif token.may("light from"):
            side = "right" if "right" in token.text else "left"
            light = self.scene.light.model_copy(update={"side": side})
            self._relight(light, f"light from the {side}")
        else:
            return self._relighting(token, clause)
        return True

    def _relighting(self, token: Token, clause: Clause) -> bool:
        """ "warmer light", "make it brighter": changes of the light where no thing is named."""
        if any(t.may("noun", "backdrop", "ground") for t in clause.row):
            return False
        if token.text in _MOODS:
            light = light_of(_MOODS[token.text], self.scene.light)
            self._relight(light, light_words(light))
        elif token.text in _BRIGHTER:
            strength = self.scene.light.strength * _BRIGHTER[token.text]
            bounded = round(max(0.2, min(3.0, strength)), 3)
            brighter = self.scene.light.model_copy(update={"strength": bounded})
            self._relight(brighter, f"{token.text} light")
        else:
            return False
        return True

    def _relight(self, light: Light, what: str) -> None:
        self.become(self.scene.model_copy(update={"light": light}), what)

    def _aim(self, camera: Camera, what: str) -> None:
        aimed = self.scene.model_copy(update={"camera": camera})
        framed_camera = framed(aimed.camera, aimed.things)
        self.become(aimed.model_copy(update={"camera": framed_camera}), what)

    def zoom(self, clause: Clause) -> None:
        factor = 0.78 if clause.says("in", "closer", "nearer") else 1.28
        camera = self.scene.camera
        closer = camera.model_copy(update={"distance": round(camera.distance * factor, 2)})
        what = "camera closer" if factor < 1 else "camera further away"
        self.become(self.scene.model_copy(update={"camera": closer}), what)

    def set_backdrop(self, phrase: Phrase, rest: Sequence[Token]) -> None:
        described = merged(phrase, rest, "backdrop")
        colours = [t.text for t in rest if t.may("colour")]
        second = colours[-1] if described.gradient and len(colours) > 1 else ""
        if colours:
            described.colour = colours[0]
        if not (described.colour or described.gradient or described.sweep or described.surface):
            return
        backdrop = backdrop_of(described, second)
        if backdrop.name == "sweep" and not described.sweep and self.scene.surface.name != "sweep":
            backdrop = backdrop.model_copy(update={"name": "wall"})
        self.lay_backdrop(backdrop)

    def lay_backdrop(self, backdrop: Backdrop) -> None:
        update: dict[str, object] = {"backdrop": backdrop, "transparent": False}
        if backdrop.name == "sweep":
            update["surface"] = Surface(name="sweep", colour=backdrop.colour, words=backdrop.words)
        elif self.scene.surface.name == "sweep":
            update["surface"] = Surface(name="painted", colour=self.scene.surface.colour)
        self.become(self.scene.model_copy(update=update), f"backdrop: {backdrop.words}")

    def set_surface(self, phrase: Phrase, rest: Sequence[Token]) -> None:
        described = merged(phrase, rest, "surface")
        if described.surface or described.colour or described.sweep:
            self.lay_surface(surface_of(described))

    def lay_surface(self, surface: Surface) -> None:
        update: dict[str, object] = {"surface": surface}
        if self.scene.backdrop.name == "sweep" and surface.name != "sweep":
            update["backdrop"] = Backdrop(name="plain", colour=self.scene.backdrop.colour)
        self.become(self.scene.model_copy(update=update), f"surface: {surface.words}")

    def become(self, scene: Scene, did: str, touched: Sequence[str] = ()) -> None:
        if scene == self.scene:
            return
        self.scene = scene
        self.did.append(did)
        self.touched += touched
        self.last = list(touched) or self.last
