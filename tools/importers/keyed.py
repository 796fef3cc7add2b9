"""Keyed hashes: a group of items (near duplicates, a cluster) keeps its members and loses its name (R1, R7).

The key is random, one for each installation, and never leaves it: without it nobody can tell whether a known media hash
or user is among the groups. Groups of two installations have nothing in common.
"""

import hashlib
import os
import secrets
from pathlib import Path

from tools.errors import SetupError
from tools.evals.duck import identifier, quoted

FILE = "import.key"
_LENGTH = 64  # hexadecimal digits


def read_key(root: Path) -> str:
    """The key under the data root, made at first use; readable by its owner alone.

    Raises:
        SetupError: what lies there is no key.
    """
    path = root / FILE
    root.mkdir(parents=True, exist_ok=True)
    partial = root / f".{FILE}.{secrets.token_hex(4)}"
    if not path.exists():
        try:
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(_LENGTH // 2))
            # A link is made whole or not at all, and never over another: of two processes, one makes the key of both.
            os.link(partial, path)
        except FileExistsError:
            pass
        finally:
            partial.unlink(missing_ok=True)
    key = path.read_text("utf-8").strip()
    if len(key) != _LENGTH or set(key) - set("0123456789abcdef"):
        raise SetupError(f"{FILE} in the data folder is damaged. Restore it: groups imported before depend on it.")
    return key


def key_name(key: str) -> str:
    """Which key it is, without telling it: groups can be compared under the same key only."""
    return hashlib.sha256(f"name of {key}".encode()).hexdigest()[:12]


def keyed(column: str, key: str) -> str:
    """SQL of a column's keyed hash, 16 hexadecimal digits; NULL where the column is empty.

    Hashed twice with the key, as HMAC does, so that a hash cannot be extended to another one's.
    """
    value, secret = f"nullif(trim({identifier(column)}::VARCHAR), '')", quoted(key)
    return f"left(sha256({secret} || sha256({secret} || {value})), 16)"
