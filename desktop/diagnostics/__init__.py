"""What is written down of a session, and the report that a user can send: without prompts."""
