"""What is printed. One module a format, each `write(report, stream)`; `FORMATS` is the list of them."""

FORMATS = ("terminal", "json")
