"""Emoji by their Slack names.

Those that Easel uses are drawn here, since a test machine has no font for them; others are left to
the reader's fonts, and names that no one knows stay as they were typed, as in Slack.
"""

from __future__ import annotations

from html import escape

_DRAWN = {
    "white_check_mark": '<rect x="1" y="1" width="18" height="18" rx="4" fill="#2eb67d"/>'
    '<path d="M5 10.5l3.5 3.5L15.5 6.5" stroke="#fff" stroke-width="2.6"/>',
    "x": '<path d="M4 4l12 12M16 4L4 16" stroke="#e01e5a" stroke-width="3.6"/>',
    "warning": '<path d="M10 2l9 16H1z" fill="#ecb22e"/>'
    '<path d="M10 7.5v5M10 15v.6" stroke="#3f2d00" stroke-width="2"/>',
    "eyes": '<ellipse cx="5.5" cy="10" rx="4" ry="6" fill="#fff" stroke="#666"/>'
    '<ellipse cx="14.5" cy="10" rx="4" ry="6" fill="#fff" stroke="#666"/>'
    '<circle cx="4.4" cy="11" r="2" fill="#222"/><circle cx="13.4" cy="11" r="2" fill="#222"/>',
    "hourglass_flowing_sand": '<path d="M5 2h10l-4 8 4 8H5l4-8z" fill="#f2c744" stroke="#8a6d1b"/>',
    "bulb": '<circle cx="10" cy="8" r="6" fill="#f2c744"/>'
    '<path d="M8 15h4M8 18h4" stroke="#777" stroke-width="2"/>',
    "frame_with_picture": '<rect x="1.5" y="3" width="17" height="14" rx="1.5" fill="#b7793c"/>'
    '<rect x="4" y="5.5" width="12" height="9" fill="#cfe8f5"/>'
    '<path d="M4 14.5l4-5 3 3.4 2-2 3 3.6z" fill="#3f8f5f"/>',
    "art": '<path d="M10 2a8 8 0 100 16c2 0 1.6-2 1-3s0-2.5 2-2.5h3c3-6-1-10.5-6-10.5z"'
    ' fill="#c98a4b"/><circle cx="6" cy="8" r="1.5" fill="#e01e5a"/>'
    '<circle cx="10" cy="5.5" r="1.5" fill="#36c5f0"/>'
    '<circle cx="6" cy="12.5" r="1.5" fill="#2eb67d"/>',
}
_TYPED = {
    "+1": "👍",
    "thumbsup": "👍",
    "tada": "🎉",
    "heart": "❤",
    "wave": "👋",
    "sparkles": "✨",
    "scissors": "✂",
    "mag": "🔍",
    "lock": "🔒",
    "link": "🔗",
}


def emoji(name: str) -> str:
    """One emoji as HTML; `name` is hostile and without its colons."""
    label = escape(f":{name}:", quote=True)
    if name in _DRAWN:
        inside = f'<svg viewBox="0 0 20 20" fill="none">{_DRAWN[name]}</svg>'
    elif name in _TYPED:
        inside = _TYPED[name]
    else:
        return label
    return f'<span class="emoji" role="img" aria-label="{label}">{inside}</span>'
