"""SpotlerCRM API v4 (JSON; formerly Really Simple Systems)."""

from crmtui.crm.spotler.adapter import Spotler

__all__ = ["Spotler"]
