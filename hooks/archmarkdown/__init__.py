"""Python-Markdown extensions that change pages; they work under any generator that runs Python-Markdown."""
