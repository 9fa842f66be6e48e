"""What the user wants to see: settings from configuration files and from the command line.

Nothing here knows which rules exist; whoever does hands their codes and names in. Errors name the file, the key, and the
nearest thing that would have been right.
"""

from __future__ import annotations

from losslint.config.choice import Choice, merge, normalise
from losslint.config.error import ConfigError, Place, nearest
from losslint.config.hierarchy import found_layers, governed, laid
from losslint.config.reading import read
from losslint.config.settings import FileIgnores, Settings
from losslint.source.patterns import Pattern

__all__ = [
    "Choice",
    "ConfigError",
    "FileIgnores",
    "Pattern",
    "Place",
    "Settings",
    "found_layers",
    "governed",
    "laid",
    "merge",
    "nearest",
    "normalise",
    "read",
]
