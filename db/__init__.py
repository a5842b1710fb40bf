"""The one SQLite file: schema, migrations, records, all SQL."""
