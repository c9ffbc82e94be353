"""Characters that a reader does not see, or sees where they do not stand."""

import re

# C0, C1, the soft hyphen, line and paragraph separators, and the marks that turn the direction of writing:
# they move the cursor, hide words, or show them in another order.
UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
