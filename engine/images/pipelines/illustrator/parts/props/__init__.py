"""SVG or PNG files of the illustrator: props."""
