"""One shape for all feedback, with personal data masked before anything is stored.

items → ``normalise`` → unmasked feedback → ``mask`` → feedback and employees
"""

from cxnlp.feedback.masking import (
    Masked,
    MaskedAgain,
    mask,
    mask_again,
    mask_files,
    mask_note,
    masking_version,
    recognise,
)
from cxnlp.feedback.normalise import Normalised, normalise

__all__ = [
    "Masked",
    "MaskedAgain",
    "Normalised",
    "mask",
    "mask_again",
    "mask_files",
    "mask_note",
    "masking_version",
    "normalise",
    "recognise",
]
