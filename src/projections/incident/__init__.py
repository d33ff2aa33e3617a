"""Read models of incidents, folded once for all of them."""
