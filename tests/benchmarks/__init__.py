"""Our work beside that of others, in one run, as ratios: `make bench`."""
