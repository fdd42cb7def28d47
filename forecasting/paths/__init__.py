"""What could happen: posterior draws propagated forward as event paths, and questions asked of them."""
