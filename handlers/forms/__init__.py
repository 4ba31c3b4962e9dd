"""What people say about themselves once and properly: forms as data, filled by turns or in one line."""
