"""The API's endpoints of texts, and its root."""
