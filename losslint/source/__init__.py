"""Text, trees and files: the only package that opens what users wrote. Nothing in it raises on account of their bytes."""
