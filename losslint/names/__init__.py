"""Which object a name means: definitions, modules and imports of the project. No values."""
