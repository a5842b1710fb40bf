"""What models are worth: protocols, numbers, tables and pages."""
