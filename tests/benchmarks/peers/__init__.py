"""Sites that others would build for the same work, with settings of their own."""
