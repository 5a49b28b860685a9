"""What is told to whom: the inbox of residents, employers and officers."""
