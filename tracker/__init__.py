"""Follow an object through video by mean shift, and cluster points by the same mathematics."""

__version__ = "0.1.0"
