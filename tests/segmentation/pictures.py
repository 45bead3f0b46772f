from __future__ import annotations

import cv2
import numpy as np


def patches(noise=0.0, seed=0):
    """A picture of three plain areas, 60x80, and which is which."""
    truth = np.zeros((60, 80), dtype=int)
    truth[:, 40:] = 1
    truth[20:40, 20:60] = 2
    colors = np.array([[40, 60, 200], [180, 120, 40], [60, 200, 90]], dtype=float)
    picture = colors[truth] + np.random.default_rng(seed).normal(scale=noise, size=(60, 80, 3))
    return np.clip(picture, 0, 255).astype(np.uint8), truth


def photograph(make, width=160, height=107):
    return cv2.resize(make()[:, :, ::-1].copy(), (width, height), interpolation=cv2.INTER_AREA)


def is_connected(labels, label):
    return cv2.connectedComponents((labels == label).astype(np.uint8), connectivity=4)[0] == 2
