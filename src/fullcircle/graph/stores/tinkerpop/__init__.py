"""What TinkerPop stores are made of: lines to the server, retrying, bytecode that writes and reads. Start at connection.py."""
