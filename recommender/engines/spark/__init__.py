"""Training on Spark: on all cores of this machine, or on a cluster."""

KINDS = ("word2vec", "item-knn", "als")
"""What it can train."""
