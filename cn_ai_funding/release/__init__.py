"""What goes out: tables as their schema has them, checked, and the files of a release.

The same rows give the same bytes.
"""
