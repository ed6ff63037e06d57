"""Feeds as files for a static host: which, what is in them, and how they get there."""
