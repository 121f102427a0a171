"""The engine for models on Replicate."""
