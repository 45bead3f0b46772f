"""The window: pictures, keys, the mouse, and the playback that they lead."""
