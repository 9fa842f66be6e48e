"""The language server: findings, fixes and what is known of values, in editors. Nothing here analyses.

Handlers run on the event loop and only there; analysis runs on one worker thread. Paths are absolute, places are code points until
they leave, and only `documents` and `places` know in which units a client counts.
"""
