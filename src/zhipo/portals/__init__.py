"""Home page, menu and URLs of each role."""
