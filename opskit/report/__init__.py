"""Floor 4: findings, tables and plans as a person or a machine reads them. One small file a format."""
