"""Settings of the documentation; `make docs` builds it."""

from importlib.metadata import version as installed_version

project = "OpenProcurement API"
author = "the OpenProcurement API contributors"
copyright = f"{author}; Apache License 2.0"
release = installed_version("openprocurement-api")
version = ".".join(release.split(".")[:2])

extensions = ["myst_parser", "sphinx.ext.autodoc", "openprocurement_api.sphinxext"]
root_doc = "index"
exclude_patterns = ["adr/0000-template.md"]

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_fence_as_directive = ["mermaid"]  # ```mermaid, as forges render it too
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "description"

openprocurement_procedures = "reference/procedures"  # a page for each that is installed, made in every build

html_theme = "furo"
html_title = f"OpenProcurement API {release}"
html_static_path = ["_static", "../openprocurement_api/http/assets/mermaid.tiny.js"]
html_css_files = ["wide.css"]
html_js_files = ["diagrams.js"]
