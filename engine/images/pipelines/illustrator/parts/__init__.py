"""Vector parts as SVG files; see README.md. A package, so that an installation carries the files along."""
