"""A report in other forms than a page: PDF, Word, Markdown, tables, pictures, and a twin for machines."""
