"""A page of Wagtail's with the weight of a case: prose, charts, tables, related pages."""
