"""Settings of the property tests here: a busy machine is no failure."""

from hypothesis import settings

settings.register_profile("importer", deadline=None)
settings.load_profile("importer")
