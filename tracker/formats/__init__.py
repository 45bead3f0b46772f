"""Files of other tools: one file a format, all by way of one common value."""
