"""Long work that outlives a crash: the port of the job engine, DBOS behind it, and the workflows it runs."""
