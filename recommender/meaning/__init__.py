"""A transformer that reads what is written about tracks: loading it, keeping what it made, and fine-tuning it."""
