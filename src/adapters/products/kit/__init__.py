"""What products share: settings, requests, texts, pages."""
