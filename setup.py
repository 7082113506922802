"""For tools that still call setup.py, zc.buildout among them; pyproject.toml declares everything."""

from setuptools import setup

setup()
