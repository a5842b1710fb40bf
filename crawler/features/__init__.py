"""Audio features, by providers with one contract."""
