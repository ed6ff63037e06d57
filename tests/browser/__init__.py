"""The page in a real browser, against the real service and the fake Launch Library."""
