"""Pictures of text to text, by the OCR extra (rapidocr-onnxruntime: its models come in its wheel, no network)."""

import re
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Final

from cxnlp.channels import layout
from cxnlp.channels.items import Unusable

WITHOUT: Final = "Install the OCR extra: make ocr."
#: Dots per inch that pages are rendered at.
DPI: Final = 200
#: A page is not rendered larger than this many dots across, whatever size it claims.
MAX_DOTS: Final = 4_000
_LEAST_SCORE: Final = 0.5
# "came by bus,and" and "was cracked.I was": the recogniser drops the space after a sign.
_NO_SPACE: Final = re.compile(r"(?<=[a-z][,;!?])(?=[A-Za-z])|(?<=[a-z]\.)(?=[A-Z])")


def is_installed() -> bool:
    """True when scans can be read."""
    return find_spec("rapidocr_onnxruntime") is not None


def read_picture(picture: Any) -> str:
    """Return the text in ``picture`` (an array height × width × 3, or the bytes of a PNG or JPEG), in reading order.

    Raises:
        Unusable: nothing legible is on it, or the extra is not installed.
    """
    if not is_installed():
        raise Unusable(f"Is a picture and has no text, only an image. {WITHOUT}")
    found, _ = _engine()(picture)
    pieces = [_piece(corners, text) for corners, text, score in found or [] if float(score) >= _LEAST_SCORE]
    if not pieces:
        raise Unusable(
            "Nothing legible was found on the picture. Scan it again, upright and at 200 dots per inch or more."
        )
    return _NO_SPACE.sub(" ", layout.text_in_order(pieces, max(piece.right for piece in pieces)))


def _piece(corners: list[list[float]], text: str) -> layout.Piece:
    across, down = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return layout.Piece(min(across), min(down), max(across), max(down), text)


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR  # an extra, and slow to load

    return RapidOCR()
