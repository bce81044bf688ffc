"""Requests to addresses that others chose: only to public ones, and to the very one checked."""
