"""Entries -> calendar bytes (RFC 5545, RFC 7986). Pure: same in, same bytes out."""
