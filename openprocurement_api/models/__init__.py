"""The shared models: what the documents are made of. A procedure subclasses the ones it changes."""
