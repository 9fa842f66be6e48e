"""The abstract domain: what a value can be during analysis. Imports nothing else of losslint, nor libcst, nor torch."""
