"""Scenes rendered by our own code, with exact truth: `synth:NAME:key=value:…`."""
