"""From scores to a list that one would play: what may come, in which order, and why."""
