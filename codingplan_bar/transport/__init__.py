"""One HTTPS request, bounded in time, size and place. Knows nothing of the provider."""

import os

from codingplan_bar.environment import KEY_LOG

os.environ.pop(KEY_LOG, None)  # before whatever speaks TLS is imported, since that looks there at once
