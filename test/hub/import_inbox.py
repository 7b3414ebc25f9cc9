"""Takes a bucket's inbox into trackio's folder as a Space does: import_inbox.py BUCKET"""

import sys

from trackio import fragments

print(fragments.import_inbox_from_bucket(sys.argv[1]))
