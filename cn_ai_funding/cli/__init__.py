"""The commands, and all that is shown in a terminal. Nothing else of the package imports it."""
