"""The ways in which the parts of a hybrid make one answer, each in a file of its own."""
