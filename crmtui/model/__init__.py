"""The nouns of a CRM, and what they mean: no I/O, no service, no screen."""
