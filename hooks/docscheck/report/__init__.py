"""How findings are worded; data first, so that one finding can be read, parsed and shown in a pull request."""
