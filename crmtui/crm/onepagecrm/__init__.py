"""Adapters for OnePageCRM: the API v1.2 of 2011, and the live v3."""
