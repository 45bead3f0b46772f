"""The ffmpeg program as encoder and decoder, always in a process of its own."""
