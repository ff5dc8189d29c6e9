"""The ground of the REST API, the web page and the tools for AI assistants. Start at app.py; server.py runs it."""
