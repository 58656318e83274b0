"""The Inspector: all about the one selected process, as a page of cards."""
