"""One shape for all feedback, with personal data masked before anything is stored.

items → ``normalise`` → unmasked feedback → ``mask`` → feedback and employees
"""

from cxnlp.feedback.masking import Masked, mask, mask_files, mask_note, recognise
from cxnlp.feedback.normalise import Normalised, normalise

__all__ = ["Masked", "Normalised", "mask", "mask_files", "mask_note", "normalise", "recognise"]
