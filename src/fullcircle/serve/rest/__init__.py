"""The REST API, `/v1/...`: a router a file. Start at routes.py, which lists them."""
