"""How the window looks: colours with a meaning, spacing, icons, the style sheet."""
