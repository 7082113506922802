"""`openprocurement mirror`: keeps a copy of a public feed current, in a file of JSON Lines or in SQLite.

`copies` says what a copy is, `jsonl` and `sqlite` are the two, `follow` is the loop, `watch` tells how far it is, `command` is
the command line.
"""
