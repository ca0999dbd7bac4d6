"""Incremental builds for MkDocs, by plugin events only; every result is that of a plain build.

    plugins:
      - incremental

Every page still goes through MkDocs: sources are read, the events of all plugins run, links are validated. Three
functions are remembered between builds, in `.cache/mkdocs_incremental`: Markdown to HTML, HTML and navigation to a
page, and HTML to search entries. A result is used again only when everything it rests on is what it was:

- the final Markdown, the front matter, the addresses, the settings, the versions of all that is installed;
- the site's own Python code, what it reads while it is imported, the environment variables that it names, and every
  file that was read or looked for while pages were rendered (seen by audit events and `os.stat`);
- what the page asked the list of files, asked again;
- the templates it was made by, the variables and the attributes of other pages that these looked at.

Whatever is seen and cannot be watched (a program started, a connection, the time of the build in a template, an object
with hidden state) makes the page that uses it be made in each build. Not seen are a clock that Python code looks at,
and names of files and variables that code which runs before any plugin puts together from parts.
`MKDOCS_NO_CACHE=1` leaves a build plain, and so do `--dirty` and `--verbose`.
"""
