"""How good the tags are: labelled files, scores with intervals, calibration, agreement, baselines, corrected counts."""
