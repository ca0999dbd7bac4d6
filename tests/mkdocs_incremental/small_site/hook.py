def on_page_markdown(markdown, page, **_):
    page.meta.setdefault("tags", [str(alias) for alias in page.meta.get("aliases", [])])
    return markdown.replace("(C)", "©")
