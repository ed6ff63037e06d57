"""A query in, a finished feed out."""
