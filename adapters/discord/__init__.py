"""Discord: events to turns, turns to messages."""
