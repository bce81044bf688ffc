"""One function a side: it prepares, yields, does the work that is timed, and yields again."""
