"""Publishes a project of trackio's folder with trackio's own sync; arguments: its keyword arguments as JSON."""

import json
import sys

import trackio

trackio.sync(**json.loads(sys.argv[1]))
