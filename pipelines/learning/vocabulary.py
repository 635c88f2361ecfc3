"""The order of labels in the heads, and the tokenizer with what letters and posts hold beside words."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tokenizers import Regex, Tokenizer, normalizers

#: Feelings that people draw; the small vocabulary knows the words, not the pictures.
_DRAWN: Final = {
    "[😀😃😄😁😊🙂😎🤗☺😉😇]": " happy ",
    "[😂🤣😅😆]": " laughing ",
    "[❤💖💕💗😍🥰😘💙💜💚🧡💛]": " love ",
    "[😡😠🤬👿😤]": " angry ",
    "[😢😭😥😞😔☹🙁😩😫😿💔]": " sad ",
    "[😒🙄😑😐🤔🤨🙃]": " annoyed ",
    "[🤮🤢😷]": " disgusting ",
    "[👍👏🙌💯🎉👌]": " good ",
    "[👎🖕]": " bad ",
    "[🙏]": " please ",
    "[😱😳😰😨]": " shocked ",
}

UNSIGNED: Final = ("friendliness", "helpfulness", "understanding", "listening", "comfort", "trust", "defusing",
                   "affinity")  # fmt: skip

FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "moment": (
        "promise", "information", "price", "advice", "ordering", "payment", "delivery", "reaching_help", "staff",
        "resolution", "refund", "updates", "product", "ease", "digital", "timeliness", "place", "account", "loyalty",
    ),
    "sentiment": ("-2", "-1", "0", "1", "2"),
    "unmeasurable": tuple(name + sign for name in UNSIGNED for sign in "+-"),
    "warning": ("knowledge", "policy", "pressure", "handoff", "resourcing"),
    "signal": ("suggestion", "churn", "champion", "crisis"),
}  # fmt: skip

KEYS: Final = {"moment": "moments", "unmeasurable": "unmeasurables", "warning": "warnings", "signal": "signals"}


def targets(mention: Mapping[str, Any]) -> dict[str, list[int]]:
    """Say for each family which of its labels the mention carries, as places in `FAMILIES`."""
    found = {family: [FAMILIES[family].index(label) for label in mention[key]] for family, key in KEYS.items()}
    return found | {"sentiment": [int(mention["sentiment"]) + 2]}


def make_tokenizer(original: Path) -> Tokenizer:
    """Read MiniLM's tokenizer and let it read emoji, a regulator's redactions and HTML's ampersand."""
    tokenizer = Tokenizer.from_file(str(original))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    steps = [normalizers.Replace(Regex(pattern), word) for pattern, word in _DRAWN.items()]
    steps += [
        normalizers.Replace(Regex("X{2,}(?:[ /]+X{2,})*"), " xx "),
        normalizers.Replace("&amp;", "&"),
        normalizers.Replace("&gt;", ">"),
        normalizers.Replace("&lt;", "<"),
    ]
    tokenizer.normalizer = normalizers.Sequence([*steps, tokenizer.normalizer])
    return tokenizer
