"""A made-up catalogue and the whole road over it: what `segue demo` shows. No other command needs this house."""
