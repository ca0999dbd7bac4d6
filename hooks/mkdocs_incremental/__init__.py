"""Incremental builds for MkDocs, by plugin events only; every result is that of a plain build.

    plugins:
      - incremental

Every page still goes through MkDocs: sources are read, the events of all plugins run, links are validated. Three
functions are remembered between builds, in `.cache/mkdocs_incremental`: Markdown to HTML, HTML and navigation to a
page, and HTML to search entries. A result is used again only when everything it rests on is what it was:

- the final Markdown, the front matter, the addresses, the settings, the versions of all that is installed;
- the site's own Python code, and every file that was read while pages were rendered (seen by audit events);
- what the page asked the list of files, asked again;
- the templates it was made by, the variables and the attributes of other pages that these looked at.

Whatever cannot be watched (a program started, a connection, a clock, an object with hidden state) makes the page that
uses it be made in each build. `MKDOCS_NO_CACHE=1` leaves a build plain, and so do `--dirty` and `--verbose`.
"""
