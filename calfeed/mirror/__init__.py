"""The mirror of Launch Library: what is kept of it, and how that stays current."""
