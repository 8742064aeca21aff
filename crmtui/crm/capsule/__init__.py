"""Capsule's two APIs: v1 as it was documented, and v2, which is live. They share kinds and fields."""
