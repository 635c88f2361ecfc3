"""What can go wrong with a service: with all of it, or with one answer."""

from cxnlp.channels.items import Unusable


class Unreachable(Exception):
    """Nothing more can be had from this service tonight; the message says why and how to mend it."""


class Refusal(Unusable):
    """The service answered that it will not give this: one stream is lost, the others go on."""

    def __init__(self, status: int, place: str) -> None:
        self.status = status
        super().__init__(
            f"The service answered {status} for {place}. Allowed: an address, tag or id that it knows and that this "
            "secret may read. Mend the source's [source.live] in cxnlp.toml; the next run reads it."
        )

    @property
    def may_be_the_cursor(self) -> bool:
        """True for what services say when they no longer know the place to go on from."""
        return self.status in (400, 404, 410, 422)


class HalfSent(Exception):
    """An answer is not whole; asking again may help."""
