"""Stands in for the import library's program: it starts another process, and neither of them ends by itself."""

import subprocess
import sys
import time

if __name__ == "__main__":
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", *sys.argv[1:]])
    time.sleep(60)
