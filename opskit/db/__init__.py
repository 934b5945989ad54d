"""The database's room: which file is the schema, what is wrong with it, which URL leads where, and the first `init`."""
