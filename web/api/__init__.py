"""What Segue knows, as JSON for programs, with a description that is made from the same declarations."""
