"""One module a bar, each with one `render(view) -> str`: the line, or lines, that this bar takes."""
