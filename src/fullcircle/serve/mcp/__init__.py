"""The tools for AI assistants (Model Context Protocol). Start at tools.py, which lists them; server.py answers calls.

`fullcircle mcp` speaks it on stdin and stdout (serve/cli/mcp.py); `fullcircle serve` at /mcp/ (mounted.py).
"""
