"""What keeps a server running: its command, its queue, its log, its figures."""
