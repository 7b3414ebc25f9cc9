"""Serves the dashboard as `trackio show --frontend FOLDER` does, on a free port, until its standard input ends: serve.py [FOLDER]

Prints one line of JSON: {"url": ..., "address": ...}; the address is the one that carries the write token.
"""

import json
import os
import socket
import sys

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import trackio

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
frontend = sys.argv[1] if len(sys.argv) > 1 else None
app, url, _, address = trackio.show(
    open_browser=False, block_thread=False, share=False, host="127.0.0.1", server_port=port, frontend_dir=frontend
)
print(json.dumps({"url": url, "address": address}), file=answers, flush=True)
sys.stdin.read()
app.close()
