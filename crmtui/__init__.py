"""crmtui: browse and edit CRM records in the terminal."""

__version__ = "0.1.0"
