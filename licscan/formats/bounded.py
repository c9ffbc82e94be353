"""Files read within bounds, as all readers of formats know them; `licscan.bounded` says how."""

from licscan.bounded import Content, decode, open_regular, read_file, sha256_of, sound

__all__ = ["Content", "decode", "open_regular", "read_file", "sha256_of", "sound"]
