"""Which addresses and handles are the company's own: their words are not a customer's."""


def is_ours(address: str, ours: tuple[str, ...]) -> bool:
    """True for an e-mail address or handle that is the company's own: named in ``ours``, or in a domain named there."""
    address = address.lower().lstrip("@")
    domain = address.rpartition("@")[2] if "@" in address else ""
    known = {each.lower().lstrip("@") for each in ours}
    return address in known or any(domain == each or domain.endswith(f".{each}") for each in known if domain and each)
