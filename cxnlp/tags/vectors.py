"""A mention's meaning as 384 whole numbers, small enough to store and to search a million of.

The vector is the mean of the mention's token states (its document was read around it), brought to length 1 and written
as round(450 · x), cut to −127 … 127. Two vectors of one encoder can be compared: their product divided by 450² is the
cosine of the angle between them, off by less than 0.003.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from cxnlp.frames import VECTOR_WIDTH, VECTORS

Floats = npt.NDArray[np.float32]

#: The largest of a thousand components of the shipped encoder's vectors is below 0.2: 127 / 450 leaves room above.
SCALE: Final = 450


def whole(means: Floats) -> npt.NDArray[np.int8]:
    """Turn means of token states (mentions, width) into whole numbers; a mention without tokens stays all zeros."""
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    units = means / np.where(lengths > 0, lengths, 1)
    return np.clip(np.rint(units * SCALE), -127, 127).astype(np.int8)


def frame(mention_ids: list[str], vectors: npt.NDArray[np.int8], encoder_version: str) -> pl.DataFrame:
    """Return VECTORS rows; none for an encoder of another width, whose vectors are not stored."""
    if vectors.shape[1:] != (VECTOR_WIDTH,):
        return pl.DataFrame(schema=VECTORS)
    columns = {"mention_id": mention_ids, "encoder_version": [encoder_version] * len(mention_ids), "vector": vectors}
    return pl.DataFrame(columns, schema=VECTORS)
