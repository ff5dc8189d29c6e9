"""What connectors to web APIs share: a client with deadlines, retries and logins. Start at `client.Http`."""
