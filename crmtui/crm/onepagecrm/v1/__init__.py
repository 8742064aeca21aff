"""OnePageCRM API v1.2."""
