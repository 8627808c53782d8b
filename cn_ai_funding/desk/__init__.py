"""What a maintainer does to raw/.

Adds articles, masks them anew, compares figures with their text, corrects and accepts them.

Gives the files that a decision changes; whoever asks writes them. How it looks to a person is for cli/.
"""
