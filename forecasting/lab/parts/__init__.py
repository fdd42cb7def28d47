"""What the widgets share: their texts, the form of a message, and the parts of their pages."""
