"""Personal data out: ``mask`` for the pipeline, ``recognise`` for those who hold the secret."""

from cxnlp.feedback.masking.stage import Masked, mask, recognise

__all__ = ["Masked", "mask", "recognise"]
