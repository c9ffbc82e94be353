"""The time that reports bear."""

import datetime
import os


def clock() -> datetime.datetime:
    """The time, in UTC; that of `SOURCE_DATE_EPOCH` where it is set, so that reports can be made again byte by byte."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)
