"""Slack: messages, buttons, commands and modals become turns; turns are shown in their thread."""
