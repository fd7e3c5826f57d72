"""The picture model that needs no weights: vector parts, composed and rendered by resvg."""
