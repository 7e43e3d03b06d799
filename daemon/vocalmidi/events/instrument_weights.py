"""How a note's features tell its instrument: written by `python -m training.timbre.fit_instruments`."""

import numpy as np

MEANS = np.zeros(10)
SPREADS = np.ones(10)
WEIGHTS = np.concatenate([np.eye(5), np.zeros((5, 5))], axis=1)
"""(INSTRUMENTS, features of `instrument.note_features`)."""
BIAS = np.zeros(5)
