"""OnePageCRM: its API v1.2 and its live API v3."""
