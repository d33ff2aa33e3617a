"""Post-mortems as documents: Markdown that can be read back, a page to print, an invitation."""
