"""How well a tracker does on sequences with truth."""
