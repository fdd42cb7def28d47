"""Read an article from the file that somebody saved: plain text, a web page, a PDF, a Word document, a mail."""
