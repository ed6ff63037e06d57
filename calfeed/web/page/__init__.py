"""The page to find, build, preview and subscribe to a feed."""
