"""The tracker in a browser: one engine, any number of watchers."""
