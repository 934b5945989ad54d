"""What Python files tell: servers, routes, environment reads, imports, dangers and faults. One pass a file, nothing is run."""
