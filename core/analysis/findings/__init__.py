"""What is wrong with a program, by its root cause: a module for each kind of finding."""
