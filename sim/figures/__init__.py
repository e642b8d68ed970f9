"""What a person looks at: figures, and everything made from them. The only layer that imports matplotlib."""
