"""What is stored: the tables, how the database is opened and migrated, and sessions on it."""
