"""The commands. Errors are one plain line on stderr: exit status 1, or 2 for wrong usage."""
