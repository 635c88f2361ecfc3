"""Personal data out: ``mask`` for the pipeline, ``recognise`` for those who hold the secret."""

from cxnlp.feedback.masking.file_names import mask_files
from cxnlp.feedback.masking.stage import Masked, mask, mask_note, recognise

__all__ = ["Masked", "mask", "mask_files", "mask_note", "recognise"]
