"""Who hangs together with whom by what they share: nodes, edges, groups."""
