"""Capsule's two APIs: v1 as it was documented, and v2, which is live. They share kinds and fields."""

from crmtui.crm.capsule.v1.adapter import CapsuleV1
from crmtui.crm.capsule.v2.adapter import Capsule

__all__ = ["Capsule", "CapsuleV1"]
