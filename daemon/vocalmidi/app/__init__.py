"""The program: the only package that knows every room, and the order in which they work."""
