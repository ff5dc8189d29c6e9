"""The web page: server-rendered, readable without JavaScript. Start at routes.py, which lists the screens; page.py draws one."""
