"""What a person may ask for: to be forgotten, to see what is stored; and what ages out by itself.

`forget` erases in everything that the workspace holds, `verify` searches every byte for what was erased, `export` shows
what is stored about somebody, `expire` erases what is older than it may be kept, `rotate` changes the secret.
`Originals` are the words in front of the mask, where a workspace keeps them.
docs/privacy.md says what is stored where, for how long, and what leaves.
"""

from cxnlp.privacy.choosing import Wish
from cxnlp.privacy.erasing import Erased, forget, preview, resume, settle, verify_sources
from cxnlp.privacy.expiring import Expiry, expire
from cxnlp.privacy.exporting import export
from cxnlp.privacy.originals import Originals, originals_of
from cxnlp.privacy.retention import Limits, limits_of
from cxnlp.privacy.rotating import rotate, rotate_originals
from cxnlp.privacy.tombstones import ErasureError, Tombstones, tombstones_of
from cxnlp.privacy.verifying import Verified, verify

__all__ = [
    "Erased",
    "ErasureError",
    "Expiry",
    "Limits",
    "Originals",
    "Tombstones",
    "Verified",
    "Wish",
    "expire",
    "export",
    "forget",
    "limits_of",
    "originals_of",
    "preview",
    "resume",
    "rotate",
    "rotate_originals",
    "settle",
    "tombstones_of",
    "verify",
    "verify_sources",
]
