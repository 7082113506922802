"""The central procurement database: the kernel, which knows no procedure by name."""

__version__ = "3.0.0.dev0"
