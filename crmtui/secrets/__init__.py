"""Tokens: finding, keeping and hiding them. They live in memory and in the OS keyring, nowhere else."""

from crmtui.secrets.chain import COMMAND, FILE, KEYRING, TYPED, find, forget, store, where, where_all
from crmtui.secrets.expiry import expires_at
from crmtui.secrets.fingerprint import fingerprint
from crmtui.secrets.redact import Redactor
from crmtui.secrets.token import HIDDEN, Token

__all__ = [
    "COMMAND",
    "FILE",
    "HIDDEN",
    "KEYRING",
    "TYPED",
    "Redactor",
    "Token",
    "expires_at",
    "find",
    "fingerprint",
    "forget",
    "store",
    "where",
    "where_all",
]
