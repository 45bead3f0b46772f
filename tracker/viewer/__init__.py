"""The person at the window: what they see, and what their keys and mouse do."""
