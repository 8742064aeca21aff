"""The vendors' APIs: adapters turn wishes into Calls and answers into records, one driver sends."""
