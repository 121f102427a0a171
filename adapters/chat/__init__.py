"""What chat platforms have in common: words, values behind buttons, what handlers stand on."""
