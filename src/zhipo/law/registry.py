"""Import every law package, so that the register is whole."""

import importlib
import pkgutil

import zhipo.law


def import_all() -> None:
    """Import all modules of `zhipo.law`; each enters its rules as it is imported."""
    for module in pkgutil.walk_packages(zhipo.law.__path__, prefix="zhipo.law."):
        importlib.import_module(module.name)
