"""Networks as arrays: streets and social ties. Ids of files are translated here and only here."""
