"""What music players ask by the Subsonic interface, answered out of the database: songs like this one, above all."""
