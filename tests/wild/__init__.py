"""Published packages as a gate: what losslint says of code that nobody wrote for it (see README.md beside this file)."""
