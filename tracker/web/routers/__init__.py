"""Routes of the REST interface and of the streams."""
