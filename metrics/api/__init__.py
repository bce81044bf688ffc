"""The read-only API under /api/v1/: what every endpoint shares, and the endpoints of the data."""
