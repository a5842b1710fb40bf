"""Other machines than this one to train on: each engine writes the artifacts that training here writes."""
