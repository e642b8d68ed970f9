"""The printers of blocks: terminal, HTML and Markdown."""
