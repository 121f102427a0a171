"""Files for taking away: in the format that was asked for, and saying where the picture came from.

The label of origin is IPTC's `DigitalSourceType` in an XMP packet, which search engines, editors
and archives read. Sources: IPTC Photo Metadata Standard 2025.1; NewsCodes, Digital Source Type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args
from xml.sax.saxutils import escape

from core.picture import png, sniff
from core.picture.pixels import MIMES, FileFormat, decode, encode, encode_png
from core.picture.untouched import untouched

Format = FileFormat
FORMATS: tuple[Format, ...] = get_args(FileFormat)

Made = Literal["generated", "rendered", "edited", "adjusted"]
"""How a picture came about: by a trained model; by an algorithm without training, as a renderer
is; a photograph that a trained model changed; a photograph with exact adjustments alone."""

_SOURCE_TYPES: dict[Made, str] = {
    "generated": "trainedAlgorithmicMedia",
    "rendered": "algorithmicMedia",
    "edited": "compositeWithTrainedAlgorithmicMedia",
    "adjusted": "algorithmicallyEnhanced",
}
_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_SOFTWARE = "Easel"
_MOST_WORDS = 8_000
"""So that an XMP packet fits one segment of a JPEG, whatever the letters."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file says about itself. Empty fields are left out: give only what may be known."""

    made: Made
    words: str = ""
    model: str = ""
    version: str = ""


def exported(data: bytes, *, format: Format | None, origin: Origin | None) -> tuple[bytes, str]:
    """The file and its type; `format` None keeps the picture's own. Pixels stay where they can.

    `origin` None: a picture that somebody brought along, of which nothing is known.

    Raises:
        BadPicture: the picture can't be read.
    """
    own = _own_format(data)
    wanted = format or own or "png"
    packet, text = (xmp(origin), _text(origin)) if origin else (None, {})
    if wanted == own:
        kept = untouched(data, xmp=packet, text=text)
        if kept is not None:
            return kept, MIMES[wanted]
    pixels = decode(data)
    if wanted != "png":
        return encode(pixels, wanted, xmp=packet), MIMES[wanted]
    told = {png.XMP_KEYWORD: packet} | text if packet else text
    return png.rewritten(encode_png(pixels), told), MIMES[wanted]


def xmp(origin: Origin) -> str:
    """The XMP packet of a file; people's words stand in it escaped."""
    told = {
        "Iptc4xmpExt:DigitalSourceType": _VOCABULARY + _SOURCE_TYPES[origin.made],
        "Iptc4xmpExt:AIPromptInformation": origin.words[:_MOST_WORDS],
        "Iptc4xmpExt:AISystemUsed": origin.model[:200],
        "xmp:CreatorTool": _SOFTWARE,
        "xmp:Label": origin.version[:200],
    }
    lines = "".join(
        f"<{name}>{escape(_printable(value))}</{name}>\n" for name, value in told.items() if value
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about=""'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/">\n'
        f"{lines}"
        "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="w"?>'
    )


def _text(origin: Origin) -> dict[str, str]:
    """Text chunks of a PNG, under the keywords that its specification names where there is one."""
    told = {
        "Software": _SOFTWARE,
        "Description": origin.words,
        "Source": origin.model,
        "Version": origin.version,
    }
    return {keyword: _printable(value) for keyword, value in told.items() if value}


def _printable(value: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", value)


def _own_format(data: bytes) -> Format | None:
    mime = sniff.sniff(data).mime
    return next((name for name, known in MIMES.items() if known == mime), None)
