"""The commands of this house, and the options that they share."""
