"""What connectors to web APIs share: a client with deadlines, retries and logins, whose answers are whole. Start at `client.Http`."""
