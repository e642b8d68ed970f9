"""The commands of ``intranet-sim``, one a file, each imported only when it is called."""
