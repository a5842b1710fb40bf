"""`segue taste` and what it can do."""
