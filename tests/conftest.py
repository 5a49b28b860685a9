"""Every test runs with its own VAR folder, so that secrets, locks and files of a real installation stay untouched."""

import os
import tempfile

os.environ["RENSHE_VAR"] = tempfile.mkdtemp(prefix="renshe-test-")
