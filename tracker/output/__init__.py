"""Sinks: what becomes of the results."""
