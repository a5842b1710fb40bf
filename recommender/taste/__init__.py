"""One person's taste: what was liked and what was not, learned and measured."""
