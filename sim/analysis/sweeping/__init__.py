"""What a sweep found: how strategies do over worlds and luck, how sure their ranks are, what goes with what."""
