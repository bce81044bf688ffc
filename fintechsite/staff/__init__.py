"""Accounts of staff: the second factor of a log-in, lock-out. Knows nothing of data and texts."""
