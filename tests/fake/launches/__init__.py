"""Launches: their vocabulary, the records, the 2.2.0 form, the filters, and many of them."""
