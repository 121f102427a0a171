"""`python -m bot` is `easel`."""

from bot.cli import app

app(prog_name="easel")
