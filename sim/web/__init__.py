"""The page in a browser: its answers, engines and servers, and the class edition."""
