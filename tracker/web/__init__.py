"""The tracker in a browser: one worker, any number of watchers."""
