"""Capsule API v2: JSON."""
