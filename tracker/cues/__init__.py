"""What makes a pixel look like the target."""
