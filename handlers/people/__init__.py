"""People: joining and binding groups, posts and duty, the organization they make up, authority, consent."""
