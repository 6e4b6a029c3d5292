"""A vendor that is played: it knows nothing of the store but what the vendor API answers."""
