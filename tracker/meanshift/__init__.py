"""Mean shift as array mathematics: kernels, the windowed iterator, point clustering. Knows no pictures and no video."""
