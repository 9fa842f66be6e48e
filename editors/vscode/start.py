"""Runs the losslint of the Python that runs this, without looking for it in the folder that is open."""

from losslint.cli import main

main()
