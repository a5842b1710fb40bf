"""Songs that no playlist holds: who speaks for them, and in what words that is said."""
