"""What a user does: browse, open, edit, create, delete. No screen, no HTTP."""
