"""The ground: compilation, tables of columns, keyed random streams, files; nothing of the domain."""
