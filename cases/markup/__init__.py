"""The text language of the publication: Markdown, tokens and exhibits.

Pure functions over text. Nothing here reads a database, a setting or a clock; whoever renders
passes a resolver that knows the figures.
"""
