"""Findings as text for people and as data for programs. Nothing here opens files or knows how a finding came about."""
