"""Drawing into pictures: pure but for `Trails`, no file and no window is touched."""
