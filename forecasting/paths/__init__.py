"""What could happen: event paths, and questions asked of them. Knows no model."""
