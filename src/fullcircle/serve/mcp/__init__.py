"""The tools for AI assistants (Model Context Protocol), at `/mcp/` and by `fullcircle mcp`. Start at tools.py."""
