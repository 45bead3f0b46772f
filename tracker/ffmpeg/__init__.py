"""ffmpeg."""
