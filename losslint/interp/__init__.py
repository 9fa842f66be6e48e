"""The abstract interpreter: runs programs over abstract values, the way Python would, and notes facts on the way.

It knows Python, not torch: what a library object does stands in the rows of `knowledge`. It never raises on user code;
what it does not understand is `Unknown`, with the reason.
"""
