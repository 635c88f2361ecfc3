"""People teach the tagger: answers to mentions, labels of their own, heads trained on them."""
