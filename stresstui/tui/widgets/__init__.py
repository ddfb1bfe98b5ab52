"""What the screens are made of: each widget draws a View, and sends only the cells that changed."""
