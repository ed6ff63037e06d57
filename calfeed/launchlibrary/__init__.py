"""The Launch Library 2 API: its two versions, its calls, its payloads."""
