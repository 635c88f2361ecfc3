"""How the shipped model is made: folds, encoder, export, calibration, scores, card. Needs the extra "train"."""
