"""Whole builds or none: a site is made beside the one that is published, and takes its place when it is done.

    plugins:
      - atomic

MkDocs empties the folder of the site and then fills it; a build that fails or is killed leaves part of a site. With
this plugin the folder is exchanged in one step, after the last check. Whatever happens before, by an error, a full
disk or a signal, the site built last is as it was.
"""
