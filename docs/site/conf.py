"""The site's settings. tools/build_docs writes its pages, and passes the version."""

project = "csocket"
copyright = "the csocket developers"
extensions = ["myst_parser"]
root_doc = "index"
templates_path = []
exclude_patterns = ["_*"]
highlight_language = "text"
primary_domain = "c"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
myst_url_schemes = ["http", "https", "mailto"]
html_theme = "furo"
html_title = "csocket"
html_static_path = ["_static"]
html_css_files = ["csocket.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
