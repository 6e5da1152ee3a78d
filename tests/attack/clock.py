"""Put where each Python process of a test finds it as `sitecustomize`: the time is SHIFTED seconds later than it is.

Nothing else is changed.
"""

import os
import time

SHIFTED = float(os.environ.get("SHIFTED", "0"))


def shifted(now=time.time, by=SHIFTED):
    return now() + by


time.time = shifted
