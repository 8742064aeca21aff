"""OnePageCRM API v3."""
