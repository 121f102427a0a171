"""The web workspace: an HTTP interface to sessions and turns, and the page that uses it."""
