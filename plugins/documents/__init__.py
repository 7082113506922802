"""The document service and its client: files of tenders, kept apart from the database and reached by signed addresses.

`service` is the HTTP service itself, `client` what the API uses of it, `__main__` the command that serves it alone.
"""
