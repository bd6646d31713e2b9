"""The signs on the site: the catalogue as it is in force over the store."""
