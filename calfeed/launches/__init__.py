"""Launches, as a collection."""
