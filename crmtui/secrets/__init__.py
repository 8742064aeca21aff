"""Tokens: finding, keeping and hiding them. They live in memory and in the OS keyring, nowhere else."""

from crmtui.secrets.chain import find, forget, store, where, where_all
from crmtui.secrets.redact import Redactor
from crmtui.secrets.token import HIDDEN, Token

__all__ = ["HIDDEN", "Redactor", "Token", "find", "forget", "store", "where", "where_all"]
