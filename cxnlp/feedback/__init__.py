"""One shape for all feedback, with personal data masked before anything is stored.

items → ``normalise`` → unmasked feedback → ``mask`` → feedback and employees
"""

from cxnlp.feedback.masking import Masked, mask, recognise
from cxnlp.feedback.normalise import Normalised, normalise

__all__ = ["Masked", "Normalised", "mask", "normalise", "recognise"]
