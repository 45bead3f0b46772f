"""Rendered scenes with exact truth: `synth:NAME:key=value:…`."""
