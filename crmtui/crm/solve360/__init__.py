"""Solve360 (Solve CRM, Norada), XML over HTTP with Basic authentication."""

from crmtui.crm.solve360.adapter import Solve360

__all__ = ["Solve360"]
