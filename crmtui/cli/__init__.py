"""Commands for one-shot work and scripts; click and everything heavy is imported by them alone."""
