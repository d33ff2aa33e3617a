"""Who may see an incident: everybody, or those named alone."""
