"""From an article to records: propose claims, begin records, write them, seal and verify their anchors."""
