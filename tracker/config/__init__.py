"""The settings: one frozen model, and the only reader of YAML."""
