"""What a person may ask for: to be forgotten, to see what is stored; and what ages out by itself.

`forget` erases in everything that the workspace holds, `verify` searches every byte for what was erased, `export` shows
what is stored about somebody, `expire` erases what is older than it may be kept, `rotate` changes the secret.
docs/privacy.md says what is stored where, for how long, and what leaves.
"""

from cxnlp.privacy.choosing import Wish
from cxnlp.privacy.erasing import Erased, expire, forget, preview, resume, settle, verify_sources
from cxnlp.privacy.exporting import export
from cxnlp.privacy.retention import Limits, limits_of
from cxnlp.privacy.rotating import rotate
from cxnlp.privacy.tombstones import ErasureError, Tombstones, tombstones_of
from cxnlp.privacy.verifying import Verified, verify

__all__ = [
    "Erased",
    "ErasureError",
    "Limits",
    "Tombstones",
    "Verified",
    "Wish",
    "expire",
    "export",
    "forget",
    "limits_of",
    "preview",
    "resume",
    "rotate",
    "settle",
    "tombstones_of",
    "verify",
    "verify_sources",
]
