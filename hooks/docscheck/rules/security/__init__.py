"""Rules on what a page may make a reader's browser, or the build, do."""
