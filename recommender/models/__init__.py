"""One model in each file, all under one contract."""
