"""The door of the API: keys and quotas."""
