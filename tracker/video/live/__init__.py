"""Sources that do not wait: cameras and network streams. The newest frame wins."""
