"""Personal data out: ``mask`` for the pipeline, ``mask_again`` for what is stored.

``recognise`` is for those who hold the secret.
"""

from cxnlp.feedback.masking.again import MaskedAgain, mask_again, masking_version
from cxnlp.feedback.masking.file_names import mask_files
from cxnlp.feedback.masking.stage import Masked, mask, mask_note, recognise

__all__ = [
    "Masked",
    "MaskedAgain",
    "mask",
    "mask_again",
    "mask_files",
    "mask_note",
    "masking_version",
    "recognise",
]
