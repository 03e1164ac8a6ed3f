"""Readers of official files: each turns one kind of file into rows for the builder, or says why not."""
