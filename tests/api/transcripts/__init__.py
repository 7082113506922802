"""Replaying recorded exchanges of the field against this API. The recordings themselves are not part of the repository."""
