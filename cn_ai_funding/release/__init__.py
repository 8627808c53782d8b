"""What goes out: tables as their schema has them, checked, and the files of a release, the same bytes again from the same rows."""
