"""What Launch Library really does, looked at in five calls, and what calfeed does about it."""
