"""How the database is asked: the only package that imports pyramid or cornice."""
