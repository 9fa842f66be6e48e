"""The engine: from paths to findings. It ties source, names, interpreter and rules together and knows no rule by name."""

from losslint.engine.check import check, scope_of
from losslint.engine.kept import Kept
from losslint.engine.outcome import LossReport, Outcome
from losslint.engine.reveal import parsed_files, reveal
from losslint.engine.witness import witness

__all__ = ["Kept", "LossReport", "Outcome", "check", "parsed_files", "reveal", "scope_of", "witness"]
