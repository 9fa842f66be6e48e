"""Fixes: from a remedy to edits of the user's text, or to the reason why there are none.

Each remedy is tried on the syntax that the run saw, never on names. What cannot be proved right is refused with a reason.
"""
