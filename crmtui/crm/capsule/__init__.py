"""Capsule's two APIs: v1 as it was documented, and v2, which is live. They share kinds and fields."""

from crmtui.crm.capsule.v1.adapter import CapsuleV1

__all__ = ["CapsuleV1"]
