"""Input about participants, consents, pairs and the orders that speak of them."""
