"""Reading: what the pages of the publication show, in a fixed number of queries each."""
