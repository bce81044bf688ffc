"""The shipped content: read from files, checked, loaded by a release, and written back."""
