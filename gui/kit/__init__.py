"""What panels are made of: the one base, tables, texts, buttons, hints. Knows no panel."""
