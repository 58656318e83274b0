"""The window. It imports `spawnscope.core` and Qt; neither psutil nor multiprocessing."""
