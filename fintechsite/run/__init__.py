"""`make run`: prepare the database and the content, then web, worker and beat under honcho."""
