"""What is printed. One module a format, each `write(report, stream)`; `FORMATS` is the list of them."""

FORMATS = ("terminal", "json")
# What the gate writes besides: `write(report, stream)` over the plain JSON of a report, so that it starts fast.
GATE_FORMATS = (*FORMATS, "sarif", "github", "gitlab", "junit", "markdown")
