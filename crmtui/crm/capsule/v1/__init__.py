"""Capsule API v1: XML or JSON."""
